import { isBodyParser } from "../body/body-parser-mark.js";
import { ArgumentError } from "../errors.js";
import { kContract } from "../exchange/internal.js";
import type { ServedRequest, ServedResponse } from "../exchange/served.js";
import type { Middleware } from "../exchange/types.js";
import { JSONParser, SessionHandler } from "../middleware/on-use.js";
import { checkOptions, describe, type Faults } from "../options/check-options.js";
import { kinds, type OptionKind, type OptionKinds, oneOf, oneOrMore } from "../options/kinds.js";
import { loadOnUse } from "../platform/builtins.js";
import type { SessionHandlerOptions } from "../session/types.js";
import type { RequestDeclaration, ResponseDeclaration, RouteOptions } from "./types.js";

/** A step that has not been mounted yet. */
export interface StepPlan {
  readonly run: (req: ServedRequest, res: ServedResponse) => unknown;
  readonly answers: boolean;
}

/** A module that is loaded on first use. */
interface LoadedOnUse<Module> {
  /**
   * Loads the module. Throws if other code is importing the module, or one of its imports, at the same time: then use
   * `later`.
   */
  now(): Module;
  later(): Promise<Module>;
}

// Both modules load the parser.
const requestValidator: LoadedOnUse<typeof import("../validation/request-validator.js")> = {
  now: loadOnUse(import.meta.url, "../validation/request-validator.js"),
  later: () => import("../validation/request-validator.js"),
};
const responseContract: LoadedOnUse<typeof import("../validation/response-contract.js")> = {
  now: loadOnUse(import.meta.url, "../validation/response-contract.js"),
  later: () => import("../validation/response-contract.js"),
};
// Loaded with the first route that declares a policy.
const loadPolicy = loadOnUse<typeof import("../session/policy.js")>(import.meta.url, "../session/policy.js");

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
  invalid: oneOf("refuse", "pass"),
};

const success: OptionKind = {
  words: "a whole number from 200 to 599",
  test: (value) => Number.isInteger(value) && Number(value) >= 200 && Number(value) <= 599,
};

const responseKinds: OptionKinds<ResponseDeclaration> = {
  status: oneOrMore(success),
  headers: kinds.any,
  body: kinds.any,
};

/**
 * Compiles the parts that are declared beside a handler, in their order: session, policy, middleware, validation of the
 * request. Mistakes are noted as faults.
 */
export function createGuardPlans(options: RouteOptions, faults: Faults): StepPlan[] {
  const plans: StepPlan[] = [];
  const add = (path: string, create: () => StepPlan): void => {
    const plan = faults.attempt(path, create);
    if (plan !== undefined) plans.push(plan);
  };
  const { session, policy, request } = options;
  if (session !== undefined) add("session", () => toPlan(toSessionHandler(session), "session"));
  if (policy !== undefined) add("policy", () => toPlan(loadPolicy().createPolicyGuard(policy), "policy"));
  const middleware = options.middleware === undefined ? [] : [options.middleware].flat();
  for (const [index, one] of middleware.entries()) {
    const path = Array.isArray(options.middleware) ? `middleware.${index}` : "middleware";
    add(path, () => toPlan(one, "middleware"));
  }
  if (request === undefined) return plans;
  faults.attempt("request", () =>
    checkOptions<RequestDeclaration>(request, "The `request` of a route", requestKinds),
  );
  if (faults.has("request")) return plans;
  if (declaresBody(request) && !middleware.some(isBodyParser)) {
    plans.push(toPlan(JSONParser(), "middleware"));
  }
  if (declaresAnything(request)) {
    add("request", () => ({
      run: compileRun(requestValidator, (module) => module.createRequestValidator(request)),
      answers: false,
    }));
  }
  return plans;
}

/**
 * Compiles the handlers of a route: the last one answers, and the handlers before it are middleware. Mistakes are noted
 * as faults.
 */
export function createRoutePlans(
  options: RouteOptions,
  handlers: readonly unknown[],
  faults: Faults,
): StepPlan[] {
  const plans = createGuardPlans(options, faults);
  const last = handlers.length - 1;
  for (const [index, handler] of handlers.slice(0, -1).entries()) {
    const plan = faults.attempt(`handlers.${index}`, () => toPlan(handler, "middleware"));
    if (plan !== undefined) plans.push(plan);
  }
  const plan = faults.attempt(last > 0 ? `handlers.${last}` : "handler", () =>
    toPlan(handlers[last], "handler"),
  );
  const { response } = options;
  if (response !== undefined) {
    faults.attempt("response", () =>
      checkOptions<ResponseDeclaration>(response, "The `response` of a route", responseKinds),
    );
  }
  if (plan === undefined) return plans;
  const run =
    response === undefined || faults.has("response") || !promisesAnything(response)
      ? plan.run
      : faults.attempt("response", () => compileContract(response, plan.run));
  if (run !== undefined) plans.push({ run, answers: true });
  return plans;
}

function compileContract(response: ResponseDeclaration, run: StepPlan["run"]): StepPlan["run"] {
  return compileRun(responseContract, (module) => {
    const contract = module.createResponseContract(response);
    return (req, res) => {
      res[kContract] = contract;
      return run(req, res);
    };
  });
}

/**
 * Compiles a step at once, so that an error in a schema is thrown at the line with the schema. Only if other code
 * imports the same modules at this time, the step and its requests wait for them.
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

/** Whether a declaration describes a body. Then the body has to be read. */
function declaresBody(declaration: RequestDeclaration): boolean {
  return declaration.body !== undefined && typeof declaration.body !== "boolean";
}

function declaresAnything({ headers, query, params, body }: RequestDeclaration): boolean {
  return [headers, query, params, body].some((part) => part !== undefined && part !== true);
}

function promisesAnything({ status, body }: ResponseDeclaration): boolean {
  return status !== undefined || (body !== undefined && body !== true);
}

/** Checks that a value is a function, and makes a step of middleware of it. */
export function toPlan(handler: unknown, role: string): StepPlan {
  if (typeof handler !== "function") {
    const article = /^[aeiou]/.test(role) ? "An" : "A";
    throw new ArgumentError(
      `${article} ${role} must be a function (req, res) => ..., not ${describe(handler)}.`,
    );
  }
  if (handler.length > 2) {
    throw new ArgumentError(
      `The ${role} "${handler.name}" has ${handler.length} parameters, but it gets only (req, res). There is no \`next\`: the next handler runs when it returns.`,
    );
  }
  return { run: handler as StepPlan["run"], answers: false };
}

function toSessionHandler(session: SessionHandlerOptions | Middleware): Middleware {
  return typeof session === "function" ? session : SessionHandler(session);
}
