import { HttpError, MethodNotAllowedError, NotFoundError, withoutStack } from "../errors.js";
import { kContext, kPipeline, kStep, methodFinders } from "../exchange/internal.js";
import type { Conclusion, Pipeline, ServedRequest, ServedResponse } from "../exchange/served.js";
import { writeReply } from "../reply/write-reply.js";
import { toAllow } from "../routing/methods.js";
import { fail } from "./answer-error.js";

/** Answers a request that no step answered. */
export function conclude(req: ServedRequest, res: ServedResponse): void {
  const pipeline = req[kPipeline] as Pipeline;
  // The error is decided after all services, so it is not an error of the last service.
  req[kStep] = pipeline.end;
  const finders = methodFinders.get(req);
  // If a route ran and let the request go on, the method was not wrong.
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
    const hint = toHint(req, pipeline);
    fail(
      req,
      res,
      withoutStack(() => new NotFoundError(hint)),
    );
  } else if (conclusion.kind === "upgrade-required") {
    // This `Connection` header replaces Node's own header, which would show whether this is the last answer.
    const Connection = res.shouldKeepAlive ? "Upgrade" : "Upgrade, close";
    const headers = { Upgrade: "websocket", Connection };
    fail(
      req,
      res,
      withoutStack(() => new HttpError(426, "This path answers WebSocket upgrades only.", { headers })),
    );
  } else {
    const Allow = toAllow(conclusion.methods);
    if (conclusion.kind === "options") writeReply(res, 204, undefined, "", { Allow });
    else
      fail(
        req,
        res,
        withoutStack(() => new MethodNotAllowedError(`This path answers ${Allow}.`, { headers: { Allow } })),
      );
  }
}

function toHint(req: ServedRequest, pipeline: Pipeline): string | undefined {
  if (req[kContext]?.isDevelopment !== true) return undefined;
  // A fallback, such as one that looks for a file, has no label: it is for paths that nobody meant.
  const last = pipeline.steps.findLast((step) => step.answers && step.label !== undefined);
  return last === undefined
    ? undefined
    : `The handler of ${last.label} ran and sent no answer: return a value, or call a method of res.`;
}
