import { isBodyParser } from "../body/create-body-parser.js";
import { JSONParser } from "../body/json-parser.js";
import { describe } from "../check-options.js";
import { ArgumentError } from "../errors.js";
import { kContract } from "../http/internal.js";
import type { ServedRequest, ServedResponse } from "../http/served.js";
import type { Middleware } from "../http/types.js";
import { createPolicyGuard } from "../session/policy.js";
import { SessionHandler } from "../session/session-handler.js";
import type { SessionHandlerOptions } from "../session/types.js";
import { createRequestValidator, declaresBody } from "../validation/request-validator.js";
import { createResponseContract } from "../validation/response-contract.js";
import type { RouteOptions } from "./types.js";

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
    const validate = createRequestValidator(request);
    if (validate !== undefined) plans.push({ run: validate, answers: false });
  }
  return plans;
}

/** Compiles the handlers of a route: the last one answers, those before it are middleware. */
export function createRoutePlans(options: RouteOptions, handlers: readonly unknown[]): StepPlan[] {
  const plans = createGuardPlans(options);
  for (const handler of handlers.slice(0, -1)) plans.push(toPlan(handler, "middleware"));
  const last = toPlan(handlers.at(-1), "handler");
  const contract = options.response === undefined ? undefined : createResponseContract(options.response);
  const run: StepPlan["run"] =
    contract === undefined
      ? last.run
      : (req, res) => {
          res[kContract] = contract;
          return last.run(req, res);
        };
  plans.push({ run, answers: true });
  return plans;
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
