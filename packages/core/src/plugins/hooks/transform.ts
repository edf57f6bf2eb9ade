import { ArgumentError } from "../../errors.js";
import type { ServedRequest, ServedResponse } from "../../exchange/served.js";
import { describe } from "../../options/check-options.js";
import { isThenable } from "../../pipeline/outcome.js";
import { isAnswered } from "../../reply/answer.js";
import { isWebResponse } from "../../reply/body-type.js";
import { Reply } from "../../reply/reply.js";
import type { StepPlan } from "../../routing/route-steps.js";
import type { TransformHook } from "../hook-functions.js";
import type { HookKind } from "./hook-kind.js";

/** Child to parent, the last first. It wraps the handler of each route, so other routes pay nothing. */
export const transform: HookKind = {
  parameters: "(value, req, res)",
  compile(functions, { transforms }) {
    transforms.unshift(...functions.toReversed());
  },
};

/** Wraps a handler: the transforms change the data that it returns before the data is sent. */
export function transforming(run: StepPlan["run"], transforms: readonly TransformHook[]): StepPlan["run"] {
  return (req, res) => {
    const value = run(req, res);
    return isThenable(value)
      ? Promise.resolve(value).then((settled) => transformReturned(transforms, settled, req, res))
      : transformReturned(transforms, value, req, res);
  };
}

// Some values are not data: a value that decides whether the next step runs, a web response, and a value that comes
// after the answer.
function transformReturned(
  transforms: readonly TransformHook[],
  value: unknown,
  req: ServedRequest,
  res: ServedResponse,
): unknown {
  if (value === undefined || typeof value === "boolean" || value instanceof Error) return value;
  if (isAnswered(res) || isWebResponse(value)) return value;
  if (!(value instanceof Reply)) return transformData(transforms, 0, value, req, res);
  if (value.body === undefined || value.body === null) return value;
  const body = transformData(transforms, 0, value.body, req, res);
  const withBody = (settled: unknown): Reply => new Reply(value.status, settled, value.headers);
  return isThenable(body) ? body.then(withBody) : withBody(body);
}

function transformData(
  transforms: readonly TransformHook[],
  from: number,
  data: unknown,
  req: ServedRequest,
  res: ServedResponse,
): unknown {
  let value = data;
  for (let index = from; index < transforms.length; index++) {
    const changed = transforms[index]?.(value, req, res);
    if (isThenable(changed)) {
      const before = value;
      return Promise.resolve(changed).then((settled) =>
        transformData(transforms, index + 1, checkData(settled, before), req, res),
      );
    }
    value = checkData(changed, value);
  }
  return value;
}

function checkData(changed: unknown, before: unknown): unknown {
  if (changed === undefined) return before;
  if (typeof changed === "boolean" || isWebResponse(changed)) {
    throw new ArgumentError(
      `A transform hook returned ${isWebResponse(changed) ? "a Response" : describe(changed)}. It must return the data to send, or undefined to leave the data as it is.`,
    );
  }
  return changed;
}
