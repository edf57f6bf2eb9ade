import { kError, kStep, kTarget } from "../exchange/internal.js";
import type { ServedRequest, ServedResponse } from "../exchange/served.js";
import { runSteps } from "../pipeline/run-pipeline.js";
import type { RoutingTable } from "./routing-table.js";

/**
 * Runs the steps of one router inside another pipeline. Resolves to true if nothing answered. Rejects with an error
 * that none of the router's own error handlers takes.
 */
export function runRouter(table: RoutingTable, req: ServedRequest, res: ServedResponse): Promise<boolean> {
  const { path, segments } = req[kTarget];
  const { steps } = table.find(path, segments, req.method);
  const outer = req[kStep];
  return new Promise((resolve, reject) => {
    const refuse = (error: Error): void => {
      req[kStep] = outer;
      res[kError] = undefined;
      reject(error);
    };
    const settle = (isUnanswered: boolean): void => {
      req[kStep] = outer;
      resolve(isUnanswered);
    };
    runSteps(req, res, steps, 0, {
      answered: () => settle(false),
      unanswered: () => settle(true),
      untaken: (_req, _res, error) => refuse(error),
      late: (_req, _res, error) => refuse(error),
    });
  });
}
