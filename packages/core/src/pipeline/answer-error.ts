import { abandonBody } from "../body/abandon-body.js";
import { HttpError } from "../errors.js";
import { keepContext } from "../exchange/async-context.js";
import { kAfter, kDetails, kPipeline } from "../exchange/internal.js";
import type { ServedRequest, ServedResponse } from "../exchange/served.js";
import { maskTokens } from "../log/mask-tokens.js";
import { clearEntityHeaders, readState } from "../reply/answer.js";
import { toProblem } from "../reply/problem.js";
import { reply } from "../reply/reply.js";
import { sendValue } from "../reply/send-value.js";
import { writeReply } from "../reply/write-reply.js";
import { type ErrorCourse, offerError, toStatus } from "./error-handlers.js";

/** The end of a request that failed: problem details, if no error handler took the error. */
export const answerCourse: ErrorCourse = {
  answered(req, res) {
    if (res[kAfter] !== undefined || req[kPipeline]?.requestLogger !== undefined) keepContext(req);
  },
  untaken(req, res, error) {
    answerCourse.answered(req, res);
    answerProblem(req, res, error);
  },
  late: failLate,
};

/**
 * Answers an error. The error handlers around the step that threw come first, innermost first. Otherwise the answer is
 * problem details.
 */
export function fail(req: ServedRequest, res: ServedResponse, thrown: unknown): void {
  offerError(req, res, thrown, answerCourse);
}

// The answer has begun and cannot be changed. The error is logged. If the answer can never be complete, the connection
// is cut.
function failLate(req: ServedRequest, res: ServedResponse, error: Error): void {
  // Code that listens to the signal of a request ends with this error when the request took too long. This is expected.
  const isAbort = error.name === "AbortError" && req[kDetails]?.controller?.signal.aborted === true;
  if (isAbort || (res.destroyed && !res.writableFinished)) {
    req.logger.debug(
      "%s %s failed after its client had disconnected, or after its time limit.",
      req.method,
      maskTokens(req.url),
      error,
    );
    return;
  }
  req.logger.error(
    "%s %s failed after its answer had begun [%s]",
    req.method,
    maskTokens(req.url),
    req.uuid,
    error,
  );
  if (readState(res) !== "ended" && res.listenerCount("unpipe") === 0) res.destroy();
}

function answerProblem(req: ServedRequest, res: ServedResponse, error: Error): void {
  try {
    clearEntityHeaders(res);
    const status = toStatus(error);
    // The rest of a body that is too large or too slow is not read.
    if (status === 413 || status === 408) abandonBody(req);
    if (error instanceof HttpError && error.body !== undefined) {
      const sending = sendValue(req, res, reply(status, error.body, error.headers));
      sending?.catch((last) => answerLast(req, res, last));
      return;
    }
    const { type, body } = toProblem(req, error, status);
    res.addVaryHeader("Accept");
    writeReply(res, status, type, body, error instanceof HttpError ? error.headers : undefined);
  } catch (last) {
    answerLast(req, res, last);
  }
}

// A header or the body of the error cannot be sent, or a field of it cannot be read.
function answerLast(req: ServedRequest, res: ServedResponse, last: unknown): void {
  req.logger.error("The error of %s %s could not be answered.", req.method, maskTokens(req.url), last);
  answerBare(req, res);
}

function answerBare(req: ServedRequest, res: ServedResponse): void {
  try {
    const { type, body } = toProblem(req, new Error(), 500);
    writeReply(res, 500, type, body, undefined);
  } catch (last) {
    req.logger.error("%s %s could not be answered at all.", req.method, maskTokens(req.url), last);
    res.destroy();
  }
}
