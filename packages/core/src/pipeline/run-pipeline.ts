import { HttpError, MethodNotAllowedError, NotFoundError } from "../errors.js";
import { kAnswered, kContext, kContract, kPipeline, kStep, methodFinders } from "../exchange/internal.js";
import type { Conclusion, Pipeline, ServedRequest, ServedResponse, Step } from "../exchange/served.js";
import { tell } from "../log/logger.js";
import { maskTokens } from "../log/mask-tokens.js";
import { discardValue, holdValue, isWebResponse, sendValue } from "../reply/send-value.js";
import { isAnswered, watchStatus, writeReply } from "../reply/write-reply.js";
import { toAllow } from "../routing/methods.js";
import { fail } from "./fail.js";
import { HandlerTimer } from "./handler-timer.js";
import { isThenable, Outcome } from "./outcome.js";

/** Runs the steps of a pipeline until one answers. Nothing is awaited, and no promise made, unless a step does. */
export function runPipeline(req: ServedRequest, res: ServedResponse, pipeline: Pipeline): void {
  req[kPipeline] = pipeline;
  advance(req, res, pipeline, 0);
}

function advance(req: ServedRequest, res: ServedResponse, pipeline: Pipeline, from: number): void {
  const { steps } = pipeline;
  try {
    for (let index = from; index < steps.length; index++) {
      const step = steps[index] as Step;
      req[kStep] = step;
      const value = step.run(req, res);
      if (isThenable(value)) {
        const timer = step.timeout > 0 ? new HandlerTimer(req, res, step.timeout) : undefined;
        const onValue = (settled: unknown): void => {
          if (timer?.stop() !== false) resume(req, res, pipeline, index, settled);
          else discardValue(req, settled);
        };
        const onError = (error: unknown): void => {
          if (timer?.stop() !== false) fail(req, res, error);
          else reportLate(req, error);
        };
        if (value instanceof Outcome) value.listen(onValue, onError);
        else value.then(onValue, onError);
        return;
      }
      if (!goesOn(req, res, step, value)) return;
    }
    conclude(req, res, pipeline);
  } catch (error) {
    fail(req, res, error);
  }
}

function resume(
  req: ServedRequest,
  res: ServedResponse,
  pipeline: Pipeline,
  index: number,
  value: unknown,
): void {
  try {
    if (!goesOn(req, res, pipeline.steps[index] as Step, value)) return;
  } catch (error) {
    fail(req, res, error);
    return;
  }
  advance(req, res, pipeline, index + 1);
}

/** The table of return values: whether the next step runs. */
export function goesOn(req: ServedRequest, res: ServedResponse, step: Step, value: unknown): boolean {
  if (isAnswered(res)) {
    if (!res[kAnswered]) inspectForeign(req, res);
    if (typeof value === "object" && value !== null) discardValue(req, value);
    return false;
  }
  if (res[kContract] !== undefined && value === undefined) res[kContract] = undefined;
  if (value === undefined || value === true) return true;
  if (value === false) {
    watchStatus(res);
    return false;
  }
  if (step.answers || isWebResponse(value)) {
    const sending = sendValue(req, res, value);
    if (sending !== undefined) sending.catch((error) => fail(req, res, error));
    return false;
  }
  // A guard that returns its refusal means it as much as one that throws it.
  if (value instanceof Error) throw value;
  holdValue(req, res, value);
  req.results.push(value);
  return true;
}

// An answer by Node's own methods, which nothing here has seen.
function inspectForeign(req: ServedRequest, res: ServedResponse): void {
  watchStatus(res);
  if (res.destroyed || res[kContract]?.hasBody !== true) return;
  req.logger.warn(
    "%s %s was answered by a method of Node, so what its route declares was not checked.",
    req.method,
    maskTokens(req.url),
  );
}

function reportLate(req: ServedRequest, error: unknown): void {
  // Whoever listens to the signal of the request ends with this, as it should.
  const isAbort = error instanceof Error && error.name === "AbortError";
  tell(() =>
    req.logger[isAbort ? "debug" : "warn"](
      "The handler of %s %s failed after 503 was answered in its place [%s]",
      req.method,
      maskTokens(req.url),
      req.uuid,
      error,
    ),
  );
}

function conclude(req: ServedRequest, res: ServedResponse, pipeline: Pipeline): void {
  // Decided after all services, so it is no error of the one that happened to be the last: only the app's own error
  // handlers see it.
  req[kStep] = undefined;
  const finders = methodFinders.get(req);
  // Where a route had its turn, and left the request, it is not the method that was wrong.
  if (finders === undefined || pipeline.answers) {
    answerConclusion(req, res, pipeline, pipeline.conclusion);
    return;
  }
  Promise.all(finders.map((find) => find())).then(
    (found) =>
      answerConclusion(req, res, pipeline, addMethods(pipeline.conclusion, req.method, found.flat())),
    (error) => fail(req, res, error),
  );
}

function addMethods(conclusion: Conclusion, method: string, found: readonly string[]): Conclusion {
  if (found.length === 0) return conclusion;
  const known = "methods" in conclusion ? conclusion.methods : [];
  const kind = method === "OPTIONS" ? "options" : "method-not-allowed";
  return { kind, methods: new Set([...known, ...found]) };
}

function answerConclusion(
  req: ServedRequest,
  res: ServedResponse,
  pipeline: Pipeline,
  conclusion: Conclusion,
): void {
  if (conclusion.kind === "not-found") {
    fail(req, res, new NotFoundError(toHint(req, pipeline)));
  } else if (conclusion.kind === "upgrade-required") {
    // A `Connection` of our own takes the place of Node's, which would say when this is the last answer.
    const Connection = res.shouldKeepAlive ? "Upgrade" : "Upgrade, close";
    fail(
      req,
      res,
      new HttpError(426, "This path answers WebSocket upgrades only.", {
        headers: { Upgrade: "websocket", Connection },
      }),
    );
  } else {
    const Allow = toAllow(conclusion.methods);
    if (conclusion.kind === "options") writeReply(res, 204, undefined, "", { Allow });
    else fail(req, res, new MethodNotAllowedError(`This path answers ${Allow}.`, { headers: { Allow } }));
  }
}

function toHint(req: ServedRequest, pipeline: Pipeline): string | undefined {
  if (req[kContext]?.isDevelopment !== true) return undefined;
  const last = pipeline.steps.findLast((step) => step.answers);
  return last === undefined
    ? undefined
    : `The handler of ${last.label ?? "the route"} ran and sent nothing: return a value, or call a method of res.`;
}
