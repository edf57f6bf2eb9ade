import { keepContext } from "../exchange/async-context.js";
import { kAfter, kContract, kPipeline, kStep } from "../exchange/internal.js";
import type { Pipeline, ServedRequest, ServedResponse, Step } from "../exchange/served.js";
import { maskTokens } from "../log/mask-tokens.js";
import { loadOnUse } from "../platform/builtins.js";
import { isAnswered, isOwn, watchStatus } from "../reply/answer.js";
import { isWebResponse } from "../reply/body-type.js";
import { discardValue, holdValue } from "../reply/send-stream.js";
import { sendValue } from "../reply/send-value.js";
import { stepChannel } from "../tracing/channels.js";
import { answerCourse, fail } from "./answer-error.js";
import { conclude } from "./conclude.js";
import { type ErrorCourse, offerError, reportLate } from "./error-handlers.js";
import { isThenable, Outcome, whenSettled } from "./outcome.js";

/** The end of a request after its steps. */
export interface Course extends ErrorCourse {
  /** The last step has run, and no step answered. */
  unanswered(req: ServedRequest, res: ServedResponse): void;
}

// Loaded with the first step that has a time limit.
const loadTimer = loadOnUse<typeof import("./handler-timer.js")>(import.meta.url, "./handler-timer.js");

// Loaded with the first subscriber.
const loadTrace = loadOnUse<typeof import("../tracing/trace.js")>(import.meta.url, "../tracing/trace.js");

const wholeCourse: Course = { ...answerCourse, unanswered: conclude };

/** Runs the pipeline of a request. The request always gets an answer. */
export function runPipeline(req: ServedRequest, res: ServedResponse, pipeline: Pipeline): void {
  req[kPipeline] = pipeline;
  runSteps(req, res, pipeline.steps, 0, wholeCourse);
}

/** Runs steps until one answers. Nothing is awaited, and no promise is made, unless a step returns one. */
export function runSteps(
  req: ServedRequest,
  res: ServedResponse,
  steps: readonly Step[],
  from: number,
  course: Course,
): void {
  try {
    for (let index = from; index < steps.length; index++) {
      const step = steps[index] as Step;
      req[kStep] = step;
      if (stepChannel.hasSubscribers) {
        if (runTraced(req, res, steps, index, course)) continue;
        return;
      }
      const value = step.run(req, res);
      if (isThenable(value)) {
        wait(req, res, steps, index, course, value);
        return;
      }
      if (!goesOn(req, res, step, value)) {
        course.answered(req, res);
        return;
      }
    }
    course.unanswered(req, res);
  } catch (error) {
    offerError(req, res, error, course);
  }
}

/** Runs one step with its tracing events. Returns whether the next step runs at once. */
function runTraced(
  req: ServedRequest,
  res: ServedResponse,
  steps: readonly Step[],
  index: number,
  course: Course,
): boolean {
  const step = steps[index] as Step;
  const { value, end } = loadTrace().traceStep(req, res, step);
  if (isThenable(value)) {
    wait(req, res, steps, index, course, value, end);
    return false;
  }
  if (goesOn(req, res, step, value)) return true;
  course.answered(req, res);
  return false;
}

function wait(
  req: ServedRequest,
  res: ServedResponse,
  steps: readonly Step[],
  index: number,
  course: Course,
  value: PromiseLike<unknown>,
  end?: (error?: unknown) => void,
): void {
  const { timeout } = steps[index] as Step;
  const timer =
    timeout > 0
      ? new (loadTimer().HandlerTimer)(req, res, timeout, (error) => offerError(req, res, error, course))
      : undefined;
  const onValue = (settled: unknown): void => {
    end?.();
    if (timer?.stop() !== false) resume(req, res, steps, index, course, settled);
    else discardValue(req, settled);
  };
  const onError = (error: unknown): void => {
    end?.(error);
    if (timer?.stop() !== false) offerError(req, res, error, course);
    else reportLate(req, error);
  };
  if (value instanceof Outcome) {
    // The events of a connection do not run in the context of the request.
    value.listen(onValue, onError, keepContext(req));
    return;
  }
  // The rest of the body, or the end of the connection, may come before the value.
  if (!req.complete || res[kAfter] !== undefined) keepContext(req);
  whenSettled(value, onValue, onError);
}

function resume(
  req: ServedRequest,
  res: ServedResponse,
  steps: readonly Step[],
  index: number,
  course: Course,
  value: unknown,
): void {
  try {
    if (!goesOn(req, res, steps[index] as Step, value)) {
      course.answered(req, res);
      return;
    }
  } catch (error) {
    offerError(req, res, error, course);
    return;
  }
  runSteps(req, res, steps, index + 1, course);
}

/** Handles a return value as the table in the README describes. Returns whether the next step runs. */
function goesOn(req: ServedRequest, res: ServedResponse, step: Step, value: unknown): boolean {
  if (isAnswered(res)) {
    if (!isOwn(res)) inspectForeign(req, res);
    if (typeof value === "object" && value !== null) discardValue(req, value);
    return false;
  }
  if (res[kContract] !== undefined && value === undefined) res[kContract] = undefined;
  if (value === undefined || value === true) return true;
  if (value === false) {
    keepContext(req);
    watchStatus(res);
    return false;
  }
  if (step.answers || isWebResponse(value)) {
    const sending = sendValue(req, res, value);
    if (sending !== undefined) sending.catch((error) => fail(req, res, error));
    return false;
  }
  // A guard that returns an error refuses the request, as if it had thrown the error.
  if (value instanceof Error) throw value;
  holdValue(req, res, value);
  req.results.push(value);
  return true;
}

// A handler has answered with Node's own methods, which the package has not seen.
function inspectForeign(req: ServedRequest, res: ServedResponse): void {
  watchStatus(res);
  if (res.destroyed || res[kContract]?.hasBody !== true) return;
  req.logger.warn(
    "%s %s was answered by a method of Node, so the answer was not checked against the declaration of its route.",
    req.method,
    maskTokens(req.url),
  );
}
