import { keepContext } from "../exchange/async-context.js";
import { kContext, kContract, kError, kStep, kTurn, kWritten } from "../exchange/internal.js";
import type { ErrorTurn, ServedRequest, ServedResponse } from "../exchange/served.js";
import type { ErrorHandler } from "../exchange/types.js";
import { toErrorText } from "../log/error-text.js";
import { tell } from "../log/logger.js";
import { maskTokens } from "../log/mask-tokens.js";
import { writeStandard } from "../log/standard-stream.js";
import { loadOnUse } from "../platform/builtins.js";
import { clearEntityHeaders, isAnswered, isOwn, watchStatus } from "../reply/answer.js";
import { ThrownReply } from "../reply/reply.js";
import { discardValue } from "../reply/send-stream.js";
import { sendValue } from "../reply/send-value.js";
import { isThenable, whenSettled } from "./outcome.js";

/** The end of a request that failed, or of a router that runs inside a handler. */
export interface ErrorCourse {
  /** An error handler answered, or said that it will answer. */
  answered(req: ServedRequest, res: ServedResponse): void;
  /** No error handler took the error. */
  untaken(req: ServedRequest, res: ServedResponse, error: Error): void;
  /** The error came after an answer had begun. */
  late(req: ServedRequest, res: ServedResponse, error: Error): void;
}

// Loaded with the first error handler that has a time limit.
const loadTimer = loadOnUse<typeof import("./handler-timer.js")>(import.meta.url, "./handler-timer.js");

function findTurn(res: ServedResponse, catchers: readonly ErrorHandler[]): ErrorTurn | undefined {
  let turn = res[kTurn];
  while (turn !== undefined && turn.catchers !== catchers) turn = turn.other;
  return turn;
}

/** Offers a thrown error to the error handlers around the running step, innermost first. */
export function offerError(
  req: ServedRequest,
  res: ServedResponse,
  thrown: unknown,
  course: ErrorCourse,
): void {
  try {
    if (isReply(thrown) && !isAnswered(res)) {
      res[kContract] = undefined;
      sendValue(req, res, thrown);
      course.answered(req, res);
      return;
    }
    const error = toError(thrown);
    if (isAnswered(res)) {
      course.late(req, res, error);
      return;
    }
    res[kContract] = undefined;
    res[kWritten] = 0;
    const catchers = req[kStep]?.catchers ?? req[kContext]?.catchers ?? [];
    const timeout = req[kStep]?.timeout ?? req[kContext]?.timeout ?? 0;
    new Offer(req, res, catchers, timeout, course).make(error, findTurn(res, catchers)?.next ?? 0);
  } catch (last) {
    // Only the error of a logger that throws arrives here. The process must survive it, and the client must not wait.
    writeStandard(
      "stderr",
      `An error could not be handled: ${last instanceof Error ? toErrorText(last) : String(last)}\n`,
    );
    res.destroy();
    course.answered(req, res);
  }
}

class Offer {
  readonly #req: ServedRequest;
  readonly #res: ServedResponse;
  readonly #catchers: readonly ErrorHandler[];
  readonly #timeout: number;
  readonly #course: ErrorCourse;

  constructor(
    req: ServedRequest,
    res: ServedResponse,
    catchers: readonly ErrorHandler[],
    timeout: number,
    course: ErrorCourse,
  ) {
    this.#req = req;
    this.#res = res;
    this.#catchers = catchers;
    this.#timeout = timeout;
    this.#course = course;
  }

  make(error: Error, index: number): void {
    this.#res[kError] = error;
    const catcher = this.#catchers[index];
    if (catcher === undefined) {
      const turn = findTurn(this.#res, this.#catchers);
      if (turn !== undefined) turn.next = 0;
      this.#course.untaken(this.#req, this.#res, error);
      return;
    }
    this.#note(index + 1);
    try {
      const value = catcher(error, this.#req, this.#res);
      if (isThenable(value)) this.#wait(error, index, value);
      else this.#settle(error, index, value);
    } catch (next) {
      this.#makeNext(next, index);
    }
  }

  #note(next: number): void {
    const turn = findTurn(this.#res, this.#catchers);
    if (turn !== undefined) turn.next = next;
    else this.#res[kTurn] = { catchers: this.#catchers, next, other: this.#res[kTurn] };
  }

  #wait(error: Error, index: number, value: PromiseLike<unknown>): void {
    const req = this.#req;
    keepContext(req);
    watchStatus(this.#res);
    const timer =
      this.#timeout > 0
        ? new (loadTimer().HandlerTimer)(req, this.#res, this.#timeout, (expired) =>
            this.#makeNext(expired, index),
          )
        : undefined;
    // Something else may have answered meanwhile, such as the end of a stalled body. Then the next handler is called.
    const isOver = (): boolean =>
      timer?.stop() === false || findTurn(this.#res, this.#catchers)?.next !== index + 1;
    whenSettled(
      value,
      (settled) => {
        if (isOver()) discardValue(req, settled);
        else this.#settle(error, index, settled);
      },
      (next) => {
        if (isOver()) reportLate(req, next);
        else this.#makeNext(next, index);
      },
    );
  }

  #makeNext(thrown: unknown, index: number): void {
    const error = toError(thrown);
    if (isAnswered(this.#res)) {
      this.#course.late(this.#req, this.#res, error);
      return;
    }
    clearEntityHeaders(this.#res);
    this.make(error, index + 1);
  }

  #settle(error: Error, index: number, value: unknown): void {
    const req = this.#req;
    const res = this.#res;
    const answered = (): void => this.#course.answered(req, res);
    if (isAnswered(res)) {
      if (!isOwn(res)) watchStatus(res);
      discardValue(req, value);
      answered();
    } else if (value === false) {
      watchStatus(res);
      answered();
    } else if (value === undefined || value === true) {
      this.make(error, index + 1);
    } else {
      try {
        if (res.statusCode < 400) res.statusCode = toStatus(error);
        const sending = sendValue(req, res, value);
        if (sending === undefined) answered();
        else sending.then(answered, (next) => this.#makeNext(next, index));
      } catch (next) {
        this.#makeNext(next, index);
      }
    }
  }
}

/** Reports an error of a handler after 503 was answered instead of its result. */
export function reportLate(req: ServedRequest, error: unknown): void {
  // Code that listens to the signal of the request ends with this error. This is expected.
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

/**
 * Returns the status that an error asks for, or 500 if it is not from 400 to 599. A `ParseError` of the parser asks for
 * 400.
 */
export function toStatus(error: Error): number {
  const { statusCode, status, code } = error as { statusCode?: unknown; status?: unknown; code?: unknown };
  const wanted = statusCode ?? status ?? (code === "PARSER_INVALID_VALUE" ? 400 : 500);
  return typeof wanted === "number" && Number.isInteger(wanted) && wanted >= 400 && wanted <= 599
    ? wanted
    : 500;
}

function isReply(thrown: unknown): thrown is ThrownReply {
  try {
    return thrown instanceof ThrownReply;
  } catch {
    return false;
  }
}

/** Returns a thrown value as an error. */
export function toError(thrown: unknown): Error {
  let text: string = typeof thrown;
  try {
    if (thrown instanceof Error) return thrown;
    // An error of another realm, as tests and vm contexts throw it.
    if (Object.prototype.toString.call(thrown) === "[object Error]") return thrown as Error;
    text = String(thrown);
  } catch {
    // An object without a prototype has no text, and a proxy may throw at anything.
  }
  return new Error(`A handler threw ${text}, which is not an Error.`, { cause: thrown });
}
