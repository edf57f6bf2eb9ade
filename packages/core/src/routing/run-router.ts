import { kContract, kError, kStep, kTarget } from "../exchange/internal.js";
import type { ServedRequest, ServedResponse, Step } from "../exchange/served.js";
import { toError, toStatus } from "../pipeline/fail.js";
import { goesOn } from "../pipeline/run-pipeline.js";
import { discardValue, sendValue } from "../reply/send-value.js";
import { isAnswered } from "../reply/write-reply.js";
import type { RoutingTable } from "./routing-table.js";

/** Runs the steps of one router inside another pipeline. Resolves to whether nothing answered. */
export async function runRouter(
  table: RoutingTable,
  req: ServedRequest,
  res: ServedResponse,
): Promise<boolean> {
  const { path, segments } = req[kTarget];
  const { steps } = table.find(path, segments, req.method);
  const outer = req[kStep];
  try {
    for (const step of steps) {
      req[kStep] = step;
      try {
        if (!goesOn(req, res, step, await step.run(req, res))) return false;
      } catch (thrown) {
        if (isAnswered(res)) throw thrown;
        await offer(req, res, step, thrown);
        return false;
      }
    }
    return true;
  } finally {
    req[kStep] = outer;
  }
}

// What none of the router's own error handlers takes is for whoever runs it.
async function offer(req: ServedRequest, res: ServedResponse, step: Step, thrown: unknown): Promise<void> {
  let error = toError(thrown);
  res[kContract] = undefined;
  for (const catcher of step.catchers) {
    try {
      const value = await catcher(error, req, res);
      if (value === false || isAnswered(res)) {
        discardValue(req, value);
        return;
      }
      if (value === undefined || value === true) continue;
      res[kError] = error;
      if (res.statusCode < 400) res.statusCode = toStatus(error);
      await sendValue(req, res, value);
      return;
    } catch (next) {
      error = toError(next);
    }
  }
  throw error;
}
