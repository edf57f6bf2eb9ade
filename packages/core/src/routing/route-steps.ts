import { isBodyParser } from "../body/create-body-parser.js";
import { JSONParser } from "../body/json-parser.js";
import { ArgumentError } from "../errors.js";
import { kContract } from "../http/internal.js";
import type { ServedRequest, ServedResponse } from "../http/served.js";
import type { Middleware } from "../http/types.js";
import { type LoadedOnUse, requestValidator, responseContract } from "../modules.js";
import { createPolicyGuard } from "../session/policy.js";
import { SessionHandler } from "../session/session-handler.js";
import type { SessionHandlerOptions } from "../session/types.js";
import type { RequestDeclaration, ResponseDeclaration, RouteOptions } from "./types.js";

/** A step before it is known where it will be mounted. */
export interface StepPlan {
  readonly run: (req: ServedRequest, res: ServedResponse) => unknown;
  readonly answers: boolean;
}

/** Compiles what is declared beside a handler, in its order: session, policy, middleware, validation of the request. */
export function createGuardPlans(options: RouteOptions): StepPlan[] {
  const plans: StepPlan[] = [];
  const { session, policy, request } = options;
  if (session !== undefined) plans.push(toPlan(toSessionHandler(session), "session"));
  if (policy !== undefined) plans.push(toPlan(createPolicyGuard(policy), "policy"));
  const middleware = options.middleware === undefined ? [] : [options.middleware].flat();
  for (const one of middleware) plans.push(toPlan(one as Middleware, "middleware"));
  if (request !== undefined) {
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
    throw new ArgumentError(`A ${role} is a function (req, res) => ..., not ${describe(handler)}.`);
  }
  return { run: handler as StepPlan["run"], answers: false };
}

function toSessionHandler(session: SessionHandlerOptions | Middleware): Middleware {
  return typeof session === "function" ? session : SessionHandler(session);
}

function describe(value: unknown): string {
  if (value === null) return "null";
  return Array.isArray(value) ? "a list" : typeof value === "object" ? "an object" : typeof value;
}
