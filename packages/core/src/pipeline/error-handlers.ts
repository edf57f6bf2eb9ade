import { kContext, kContract, kError, kStep } from "../exchange/internal.js";
import type { ServedRequest, ServedResponse } from "../exchange/served.js";
import type { ErrorHandler } from "../exchange/types.js";
import { isAnswered, watchStatus } from "../reply/answer.js";
import { discardValue } from "../reply/send-stream.js";
import { sendValue } from "../reply/send-value.js";
import { isThenable } from "./outcome.js";

/** What follows an error: the answer of a whole request, or the end of a router that runs inside a handler. */
export interface ErrorCourse {
  /** An error handler answered, or said that it will. */
  answered(req: ServedRequest, res: ServedResponse): void;
  /** No error handler took the error. */
  untaken(req: ServedRequest, res: ServedResponse, error: Error): void;
  /** The error came when an answer had begun. */
  late(req: ServedRequest, res: ServedResponse, error: Error): void;
}

/** Offers what was thrown to the error handlers around the step that runs, innermost first. */
export function offerError(
  req: ServedRequest,
  res: ServedResponse,
  thrown: unknown,
  course: ErrorCourse,
): void {
  try {
    const error = toError(thrown);
    if (isAnswered(res)) {
      course.late(req, res, error);
      return;
    }
    res[kContract] = undefined;
    const catchers = req[kStep]?.catchers ?? req[kContext]?.catchers ?? [];
    if (catchers.length > 0) watchStatus(res);
    new Offer(req, res, catchers, course).make(error, 0);
  } catch (last) {
    // Only a logger that throws comes here. The process must outlive it, and the client must not wait.
    process.stderr.write(
      `An error could not be handled: ${last instanceof Error ? last.stack : String(last)}\n`,
    );
    res.destroy();
    course.answered(req, res);
  }
}

class Offer {
  readonly #req: ServedRequest;
  readonly #res: ServedResponse;
  readonly #catchers: readonly ErrorHandler[];
  readonly #course: ErrorCourse;

  constructor(
    req: ServedRequest,
    res: ServedResponse,
    catchers: readonly ErrorHandler[],
    course: ErrorCourse,
  ) {
    this.#req = req;
    this.#res = res;
    this.#catchers = catchers;
    this.#course = course;
  }

  make(error: Error, index: number): void {
    this.#res[kError] = error;
    const catcher = this.#catchers[index];
    if (catcher === undefined) {
      this.#course.untaken(this.#req, this.#res, error);
      return;
    }
    const fail = (next: unknown): void => this.#makeNext(next, index);
    try {
      const value = catcher(error, this.#req, this.#res);
      if (isThenable(value)) value.then((settled) => this.#settle(error, index, settled), fail);
      else this.#settle(error, index, value);
    } catch (next) {
      fail(next);
    }
  }

  #makeNext(thrown: unknown, index: number): void {
    const error = toError(thrown);
    if (isAnswered(this.#res)) this.#course.late(this.#req, this.#res, error);
    else this.make(error, index + 1);
  }

  #settle(error: Error, index: number, value: unknown): void {
    const req = this.#req;
    const res = this.#res;
    const answered = (): void => this.#course.answered(req, res);
    if (isAnswered(res)) {
      discardValue(req, value);
      answered();
    } else if (value === false) {
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
