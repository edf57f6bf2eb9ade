import { abandonBody } from "../body/abandon-body.js";
import { HttpError } from "../errors.js";
import { kAnswered, kContext, kContract, kError, kStep } from "../exchange/internal.js";
import type { ServedRequest, ServedResponse } from "../exchange/served.js";
import type { ErrorHandler } from "../exchange/types.js";
import { maskTokens } from "../log/mask-tokens.js";
import { toProblem } from "../reply/problem.js";
import { discardValue, sendValue } from "../reply/send-value.js";
import { clearEntityHeaders, isAnswered, watchStatus, writeReply } from "../reply/write-reply.js";
import { isThenable } from "./outcome.js";

/** Answers an error: by the error handlers around the step that threw, innermost first, else with problem details. */
export function fail(req: ServedRequest, res: ServedResponse, thrown: unknown): void {
  const error = toError(thrown);
  try {
    if (isAnswered(res)) {
      failLate(req, res, error);
      return;
    }
    res[kContract] = undefined;
    res[kError] = error;
    const catchers = req[kStep]?.catchers ?? req[kContext]?.catchers ?? [];
    if (catchers.length > 0) watchStatus(res);
    offer(req, res, error, catchers, 0);
  } catch (last) {
    // Only a logger that throws comes here. The process must outlive it, and the client must not wait.
    process.stderr.write(
      `An error could not be handled: ${last instanceof Error ? last.stack : String(last)}\n`,
    );
    res.destroy();
  }
}

// The answer has begun: it cannot be changed any more, only logged, and cut when it can never be completed.
function failLate(req: ServedRequest, res: ServedResponse, error: Error): void {
  if (res.destroyed && !res.writableFinished) {
    req.logger.debug("%s %s failed after its client had gone.", req.method, maskTokens(req.url), error);
    return;
  }
  req.logger.error(
    "%s %s failed after its answer had begun [%s]",
    req.method,
    maskTokens(req.url),
    req.uuid,
    error,
  );
  if (!res.writableEnded && res.listenerCount("unpipe") === 0) res.destroy();
}

function offer(
  req: ServedRequest,
  res: ServedResponse,
  error: Error,
  catchers: readonly ErrorHandler[],
  index: number,
): void {
  const catcher = catchers[index];
  if (catcher === undefined) {
    answerProblem(req, res, error);
    return;
  }
  try {
    const value = catcher(error, req, res);
    if (isThenable(value)) {
      value.then(
        (settled) => settle(req, res, error, catchers, index, settled),
        (next) => offerNext(req, res, next, catchers, index),
      );
    } else {
      settle(req, res, error, catchers, index, value);
    }
  } catch (next) {
    offerNext(req, res, next, catchers, index);
  }
}

function offerNext(
  req: ServedRequest,
  res: ServedResponse,
  thrown: unknown,
  catchers: readonly ErrorHandler[],
  index: number,
): void {
  const error = toError(thrown);
  if (isAnswered(res)) {
    failLate(req, res, error);
    return;
  }
  res[kError] = error;
  offer(req, res, error, catchers, index + 1);
}

function settle(
  req: ServedRequest,
  res: ServedResponse,
  error: Error,
  catchers: readonly ErrorHandler[],
  index: number,
  value: unknown,
): void {
  if (isAnswered(res)) {
    discardValue(req, value);
    return;
  }
  if (value === false) return;
  if (value === undefined || value === true) {
    offer(req, res, error, catchers, index + 1);
    return;
  }
  try {
    if (res.statusCode < 400) res.statusCode = toStatus(error);
    sendValue(req, res, value)?.catch((next) => offerNext(req, res, next, catchers, index));
  } catch (next) {
    offerNext(req, res, next, catchers, index);
  }
}

function answerProblem(req: ServedRequest, res: ServedResponse, error: Error): void {
  try {
    clearEntityHeaders(res);
    const status = toStatus(error);
    // What is left of a body that is too large or too slow is not read.
    if (status === 413 || status === 408) abandonBody(req);
    const { type, body } = toProblem(req, error, status);
    res.addVaryHeader("Accept");
    writeReply(res, status, type, body, error instanceof HttpError ? error.headers : undefined);
  } catch (last) {
    // The error itself has a header that cannot be sent, or a field that cannot be read.
    req.logger.error("The error of %s %s could not be answered.", req.method, maskTokens(req.url), last);
    answerBare(req, res);
  }
}

function answerBare(req: ServedRequest, res: ServedResponse): void {
  try {
    const { type, body } = toProblem(req, new Error(), 500);
    writeReply(res, 500, type, body, undefined);
  } catch (last) {
    req.logger.error("%s %s could not be answered at all.", req.method, maskTokens(req.url), last);
    res[kAnswered] = true;
    res.destroy();
  }
}

/** The status that an error asks for, 500 unless it is from 400 to 599. A `ParseError` of the parser asks for 400. */
export function toStatus(error: Error): number {
  const { statusCode, status, code } = error as { statusCode?: unknown; status?: unknown; code?: unknown };
  const wanted = statusCode ?? status ?? (code === "PARSER_INVALID_VALUE" ? 400 : 500);
  return typeof wanted === "number" && Number.isInteger(wanted) && wanted >= 400 && wanted <= 599
    ? wanted
    : 500;
}

/** The error of what was thrown. */
export function toError(thrown: unknown): Error {
  if (thrown instanceof Error) return thrown;
  // An error of another realm, as tests and vm contexts throw.
  if (Object.prototype.toString.call(thrown) === "[object Error]") return thrown as Error;
  let text: string;
  try {
    text = String(thrown);
  } catch {
    text = typeof thrown;
  }
  return new Error(`A handler threw ${text}, which is not an Error.`, { cause: thrown });
}
