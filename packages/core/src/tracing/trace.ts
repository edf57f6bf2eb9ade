import type { TracingChannel } from "node:diagnostics_channel";
import { kError, kPipeline, kStep } from "../exchange/internal.js";
import type { ServedRequest, ServedResponse, Step } from "../exchange/served.js";
import { isThenable } from "../pipeline/outcome.js";
import { type RequestTrace, requestChannel, type StepTrace, stepChannel } from "./channels.js";

/** Runs the code that serves a request, between the events of its channel. */
export function traceRequest(req: ServedRequest, res: ServedResponse, serve: () => void): void {
  const trace: RequestTrace = {
    req,
    res,
    method: req.method,
    route: undefined,
    status: undefined,
    error: undefined,
    around: undefined,
  };
  res.on("close", () => {
    trace.route = findRoute(req);
    // Without a head, the client left before an answer. An upgrade has a head that Node does not know.
    trace.status = res.headersSent || res.writableFinished ? res.statusCode : undefined;
    trace.error = res[kError];
    if (trace.error !== undefined) requestChannel.error.publish(trace);
    requestChannel.asyncStart.publish(trace);
    requestChannel.asyncEnd.publish(trace);
  });
  requestChannel.start.runStores(trace, () => {
    if (trace.around === undefined) serve();
    else trace.around(serve);
    requestChannel.end.publish(trace);
  });
}

// The step that ran last belongs to the route, unless a guard answered before it.
function findRoute(req: ServedRequest): string | undefined {
  const step = req[kStep];
  return step?.route ?? req[kPipeline]?.steps.find(({ answers }) => answers)?.route;
}

/** Ends the events of an asynchronous step. */
export type EndTrace = (error?: unknown) => void;

/** Runs a step between the events of its channel. The returned function publishes the remaining events. */
export function traceStep(
  req: ServedRequest,
  res: ServedResponse,
  step: Step,
): { readonly value: unknown; readonly end: EndTrace } {
  const trace: StepTrace = {
    req,
    res,
    kind: step.answers ? "handler" : "middleware",
    name: step.run.name,
    route: step.route,
    error: undefined,
    isPending: false,
  };
  return traceCall(stepChannel, trace, () => step.run(req, res));
}

/** Runs a function between the events of a channel. */
export function traceCall<Trace extends { error: unknown; isPending: boolean }>(
  channel: TracingChannel<Trace, Trace>,
  trace: Trace,
  call: () => unknown,
): { readonly value: unknown; readonly end: EndTrace } {
  const fail = (error: unknown): void => {
    trace.error = error;
    channel.error.publish(trace);
  };
  const value = channel.start.runStores(trace, () => {
    try {
      const result = call();
      trace.isPending = isThenable(result);
      return result;
    } catch (error) {
      fail(error);
      throw error;
    } finally {
      channel.end.publish(trace);
    }
  });
  return {
    value,
    end: (error) => {
      if (error !== undefined) fail(error);
      channel.asyncStart.publish(trace);
      channel.asyncEnd.publish(trace);
    },
  };
}
