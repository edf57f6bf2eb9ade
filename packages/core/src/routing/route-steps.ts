import { isBodyParser } from "../body/create-body-parser.js";
import { JSONParser } from "../body/json-parser.js";
import { ArgumentError } from "../errors.js";
import { kContract } from "../exchange/internal.js";
import type { ServedRequest, ServedResponse } from "../exchange/served.js";
import type { Middleware } from "../exchange/types.js";
import {
  checkOptions,
  describe,
  either,
  kinds,
  type OptionKind,
  type OptionKinds,
  oneOf,
} from "../options/check-options.js";
import { createRequire } from "../platform/builtins.js";
import { createPolicyGuard } from "../session/policy.js";
import { SessionHandler } from "../session/session-handler.js";
import type { SessionHandlerOptions } from "../session/types.js";
import type { RequestDeclaration, ResponseDeclaration, RouteOptions } from "./types.js";

/** A step before it is known where it will be mounted. */
export interface StepPlan {
  readonly run: (req: ServedRequest, res: ServedResponse) => unknown;
  readonly answers: boolean;
}

/** A module that is loaded on first use. */
interface LoadedOnUse<Module> {
  /** Throws when others are importing the module, or what it imports, at the same time: see `later` then. */
  now(): Module;
  later(): Promise<Module>;
}

// Both bring the parser.
const requestValidator: LoadedOnUse<typeof import("../validation/request-validator.js")> = {
  now: () => createRequire(import.meta.url)("../validation/request-validator.js"),
  later: () => import("../validation/request-validator.js"),
};
const responseContract: LoadedOnUse<typeof import("../validation/response-contract.js")> = {
  now: () => createRequire(import.meta.url)("../validation/response-contract.js"),
  later: () => import("../validation/response-contract.js"),
};

const mode: OptionKind = oneOf("no_extra", "remove_extra", "add_extra");
const requestKinds: OptionKinds<RequestDeclaration> = {
  headers: kinds.any,
  query: kinds.any,
  params: kinds.any,
  body: kinds.any,
  headersMode: mode,
  queryMode: mode,
  paramsMode: mode,
  bodyMode: mode,
};

const success: OptionKind = {
  words: "a whole number from 200 to 599",
  test: (value) => Number.isInteger(value) && Number(value) >= 200 && Number(value) <= 599,
};

const responseKinds: OptionKinds<ResponseDeclaration> = {
  status: either(success, {
    words: "a list of these",
    test: (value) => Array.isArray(value) && value.length > 0 && value.every(success.test),
  }),
  headers: kinds.any,
  body: kinds.any,
};

/** Compiles what is declared beside a handler, in its order: session, policy, middleware, validation of the request. */
export function createGuardPlans(options: RouteOptions): StepPlan[] {
  const plans: StepPlan[] = [];
  const { session, policy, request } = options;
  if (session !== undefined) plans.push(toPlan(toSessionHandler(session), "session"));
  if (policy !== undefined) plans.push(toPlan(createPolicyGuard(policy), "policy"));
  const middleware = options.middleware === undefined ? [] : [options.middleware].flat();
  for (const one of middleware) plans.push(toPlan(one as Middleware, "middleware"));
  if (request !== undefined) {
    checkOptions<RequestDeclaration>(request, "The `request` of a route", requestKinds);
    if (declaresBody(request) && !middleware.some(isBodyParser))
      plans.push(toPlan(JSONParser(), "middleware"));
    if (declaresAnything(request)) {
      const run = compileRun(requestValidator, (module) => module.createRequestValidator(request));
      plans.push({ run, answers: false });
    }
  }
  return plans;
}

/** Compiles the handlers of a route: the last one answers, those before it are middleware. */
export function createRoutePlans(options: RouteOptions, handlers: readonly unknown[]): StepPlan[] {
  const plans = createGuardPlans(options);
  for (const handler of handlers.slice(0, -1)) plans.push(toPlan(handler, "middleware"));
  const last = toPlan(handlers.at(-1), "handler");
  const { response } = options;
  if (response !== undefined)
    checkOptions<ResponseDeclaration>(response, "The `response` of a route", responseKinds);
  const run =
    response === undefined || !promisesAnything(response)
      ? last.run
      : compileRun(responseContract, (module) => {
          const contract = module.createResponseContract(response);
          return (req, res) => {
            res[kContract] = contract;
            return last.run(req, res);
          };
        });
  plans.push({ run, answers: true });
  return plans;
}

/**
 * Compiles a step at once, so that what is wrong with a schema is thrown where it stands. Only while others import the
 * same modules has it to wait for these, and requests with it.
 */
function compileRun<Module>(
  source: LoadedOnUse<Module>,
  create: (module: Module) => StepPlan["run"],
): StepPlan["run"] {
  let module: Module;
  try {
    module = source.now();
  } catch {
    let run: StepPlan["run"] | undefined;
    const compiling = source.later().then((late) => {
      run = create(late);
      return run;
    });
    return (req, res) => (run === undefined ? compiling.then((late) => late(req, res)) : run(req, res));
  }
  return create(module);
}

/** Whether a declaration describes a body, which then has to be read. */
function declaresBody(declaration: RequestDeclaration): boolean {
  return declaration.body !== undefined && typeof declaration.body !== "boolean";
}

function declaresAnything({ headers, query, params, body }: RequestDeclaration): boolean {
  return [headers, query, params, body].some((part) => part !== undefined && part !== true);
}

function promisesAnything({ status, body }: ResponseDeclaration): boolean {
  return status !== undefined || (body !== undefined && body !== true);
}

/** Checks that something is a function, and makes a step of middleware of it. */
export function toPlan(handler: unknown, role: string): StepPlan {
  if (typeof handler !== "function") {
    const article = /^[aeiou]/.test(role) ? "An" : "A";
    throw new ArgumentError(`${article} ${role} is a function (req, res) => ..., not ${describe(handler)}.`);
  }
  if (handler.length > 2) {
    throw new ArgumentError(
      `The ${role} "${handler.name}" has ${handler.length} parameters, and gets (req, res): there is no \`next\`, it goes on when it returns.`,
    );
  }
  return { run: handler as StepPlan["run"], answers: false };
}

function toSessionHandler(session: SessionHandlerOptions | Middleware): Middleware {
  return typeof session === "function" ? session : SessionHandler(session);
}
