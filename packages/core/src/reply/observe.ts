import type { Duplex } from "node:stream";
import { StateError } from "../errors.js";
import { captureContext } from "../exchange/async-context.js";
import { setHeaders } from "../exchange/head-headers.js";
import { kContext, kEnd, kObserved, kObserving, kWrite } from "../exchange/internal.js";
import type { Observation, PendingObservation, ServedResponse, SettledHead } from "../exchange/served.js";
import type { Response } from "../exchange/types.js";

/**
 * A head before it leaves. Its headers are the headers of the response: use the methods of the response to read and
 * change them.
 */
export interface AnswerHead {
  /** The status of the answer. An observer may set another one. */
  status: number;
  /** The status message; `undefined` for the usual one. */
  reason: string | undefined;
  /** Whether a body follows on the connection: false for HEAD, 101, 204 and 304. */
  readonly hasBody: boolean;
  /**
   * The whole body, if it is known before the head leaves. HEAD requests have it too, because their headers describe
   * it.
   */
  readonly whole: string | Uint8Array | undefined;
  /** Sends another body in place of a whole body, with its length. */
  replace(body: string | Uint8Array): void;
  /** Sends the body through a transform, even if it is not known as a whole. Its length is then unknown. */
  pipeThrough(transform: Duplex): void;
}

/** Sees a head before it is settled. If it throws, the code that answers gets the error, as an error of the handler. */
export type HeadObserver = (head: AnswerHead, res: Response) => void;

/**
 * Lets a function see and change the head of an answer, for every way of answering. It runs once, when the head is
 * settled. The last of several observers runs first, so the changes of the first observer win, as with middleware. An
 * answer without observers pays nothing for this.
 */
export function observe(response: Response, observer: HeadObserver): void {
  const res = response as ServedResponse;
  // The first observer stays the first.
  res[kObserving]?.start(res);
  res[kObserved] ??= new ObservedAnswer(res);
  (res[kObserved] as ObservedAnswer).add(observer);
}

/** Makes an observer that sees only answers with a body of at least this length (in bytes), or of unknown length. */
export function toPending(observer: HeadObserver, least: number): PendingObservation {
  return {
    least,
    start(res) {
      res[kObserving] = undefined;
      observe(res, observer);
    },
  };
}

/** The same as `observe`, for an observer that ignores small answers. */
export function observeLater(response: Response, pending: PendingObservation): void {
  const res = response as ServedResponse;
  if (res[kObserved] === undefined && res[kObserving] === undefined) res[kObserving] = pending;
  else {
    res[kObserving]?.start(res);
    pending.start(res);
  }
}

type Write = (chunk: unknown, encoding?: unknown, done?: unknown) => boolean;

/**
 * An object between an answer and its connection. It gets the calls of `write` and `end`, because the head and the
 * transforms must be fixed before the first byte is written.
 */
class ObservedAnswer implements Observation {
  readonly #res: ServedResponse;
  readonly #observers: HeadObserver[] = [];
  #whole: string | Uint8Array | undefined;
  #replacement: string | Uint8Array | undefined;
  // The transforms of the body. The sender of the body writes to the first one.
  #transforms: readonly Duplex[] = [];
  #hasEnded = false;
  #emit: ServedResponse["emit"] | undefined;

  constructor(res: ServedResponse) {
    this.#res = res;
  }

  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  add(observer: HeadObserver): void {
    this.#observers.push(observer);
  }

  expect(body: string | Uint8Array): void {
    this.#whole = body;
  }

  begin(status: number, reason: unknown, headers: unknown): SettledHead {
    const res = this.#res;
    setHeaders(res, typeof reason === "string" ? headers : reason);
    const transforms: Duplex[] = [];
    // An earlier head could not be sent, and this head replaces it.
    for (const transform of this.#transforms) transform.destroy();
    this.#transforms = [];
    this.#replacement = undefined;
    const given = isBodiless(status) ? undefined : this.#whole;
    this.#whole = undefined;
    const head = new SettlingHead(
      status,
      typeof reason === "string" ? reason : undefined,
      given,
      res.req.method,
      transforms,
    );
    for (const observer of this.#observers.toReversed()) observer(head, res);
    const { whole } = head;
    if (whole !== undefined && whole !== given) {
      this.#replacement = whole;
      res.setHeader("Content-Length", Buffer.byteLength(whole));
    }
    const losesBody = head.status !== status && isBodiless(head.status);
    if (transforms.length > 0 || losesBody) res.removeHeader("Content-Length");
    if (transforms.length > 0 && head.hasBody) this.#connect(transforms);
    else for (const transform of transforms) transform.destroy();
    if (head.status !== status && head.reason === undefined) res.statusMessage = "";
    return { status: head.status, reason: head.reason };
  }

  #connect(transforms: readonly Duplex[]): void {
    const res = this.#res;
    const scope = captureContext();
    const fail = (error: Error): void => {
      if (res.destroyed) return;
      scope.runInAsyncScope(() => res.req[kContext]?.fail(res.req, res, error));
      // The code that sends the body may have finished, but the end of the body must not be sent.
      res.destroy();
    };
    for (const [index, transform] of transforms.entries()) {
      transform.on("error", fail);
      const next = transforms[index + 1];
      if (next !== undefined) transform.pipe(next);
    }
    const output = transforms.at(-1) as Duplex;
    this.#transforms = transforms;
    output.on("data", (chunk) => {
      if (!res[kWrite](chunk)) output.pause();
    });
    output.on("end", () => res[kEnd]());
    // The code that sends the body waits for the response.
    const emit = this.#divertDrain();
    transforms[0]?.on("drain", () => emit("drain"));
    res.once("close", () => {
      for (const transform of transforms) transform.destroy();
    });
  }

  /**
   * Keeps the event "drain" of the connection from the code that sends the body. The connection drains again and again
   * while much of the body still waits in the transforms, so that code would never wait.
   *
   * @returns The function that emits an event for the code that sends the body.
   */
  #divertDrain(): ServedResponse["emit"] {
    const res = this.#res;
    if (this.#emit !== undefined) return this.#emit;
    const emit = res.emit.bind(res) as ServedResponse["emit"];
    this.#emit = emit;
    res.emit = ((event: string, ...given: unknown[]): boolean => {
      if (event !== "drain")
        return (emit as (event: string, ...given: unknown[]) => boolean)(event, ...given);
      this.#transforms.at(-1)?.resume();
      return true;
    }) as ServedResponse["emit"];
    return emit;
  }

  takePart(chunk: unknown, encoding: unknown, done: unknown): boolean {
    const res = this.#res;
    if (!isBody(chunk) || this.#isOver()) return res[kWrite](chunk, encoding, done);
    if (!res.headersSent) {
      this.#whole = undefined;
      res._implicitHeader();
    }
    const [input] = this.#transforms;
    if (input === undefined) return res[kWrite](chunk, encoding, done);
    return (input.write as Write).call(input, chunk, encoding, done);
  }

  takeEnd(...given: [chunk?: unknown, encoding?: unknown, done?: unknown]): void {
    const res = this.#res;
    const body = typeof given[0] === "function" ? undefined : given[0];
    const takes = body === undefined || body === null || isBody(body);
    if (!takes || this.#isOver()) {
      res[kEnd](...given);
      return;
    }
    const encoding = typeof given[1] === "function" ? undefined : given[1];
    if (!res.headersSent) this.#settleFor(body ?? "", encoding);
    this.#hasEnded = true;
    const [input] = this.#transforms;
    if (input === undefined && this.#replacement === undefined) {
      res[kEnd](...given);
      return;
    }
    const done = given.find((one) => typeof one === "function") as (() => void) | undefined;
    if (input === undefined) {
      res[kEnd](this.#replacement, done);
      return;
    }
    if (done !== undefined) res.once("finish", done);
    if (this.#replacement !== undefined) input.end(this.#replacement);
    else if (body === undefined || body === null || body === "") input.end();
    else input.end(body, encoding as BufferEncoding);
  }

  // The whole body arrives without a head before it. Node would set its length.
  #settleFor(chunk: string | Uint8Array, encoding: unknown): void {
    const res = this.#res;
    const isPlain = encoding === undefined || encoding === "utf8" || encoding === "utf-8";
    const body =
      typeof chunk === "string" && !isPlain ? Buffer.from(chunk, encoding as BufferEncoding) : chunk;
    const isHead = res.req.method === "HEAD";
    // An answer to HEAD may have no body although a GET has one.
    this.#whole = isHead && body.length === 0 ? undefined : body;
    const tellsLength = !isHead && !isBodiless(res.statusCode);
    if (tellsLength && !res.hasHeader("Content-Length") && !res.hasHeader("Transfer-Encoding")) {
      res.setHeader("Content-Length", Buffer.byteLength(body));
    }
    res._implicitHeader();
  }

  #isOver(): boolean {
    const res = this.#res;
    return this.#hasEnded || res.writableEnded || res.destroyed;
  }
}

/**
 * The head that observers get. A literal with getters would have a hidden class of its own for each answer, which keeps
 * the answer in memory until the old generation is collected.
 */
class SettlingHead implements AnswerHead {
  status: number;
  reason: string | undefined;
  readonly #method: string;
  readonly #transforms: Duplex[];
  #whole: string | Uint8Array | undefined;

  constructor(
    status: number,
    reason: string | undefined,
    whole: string | Uint8Array | undefined,
    method: string,
    transforms: Duplex[],
  ) {
    this.status = status;
    this.reason = reason;
    this.#whole = whole;
    this.#method = method;
    this.#transforms = transforms;
  }

  get hasBody(): boolean {
    return this.#method !== "HEAD" && !isBodiless(this.status);
  }

  get whole(): string | Uint8Array | undefined {
    return this.#whole;
  }

  replace(body: string | Uint8Array): void {
    if (this.#whole === undefined)
      throw new StateError(
        "`replace` needs a body that is known as a whole. Use `pipeThrough` for other bodies.",
      );
    this.#whole = body;
  }

  pipeThrough(transform: Duplex): void {
    this.#transforms.push(transform);
  }
}

function isBodiless(status: number): boolean {
  return status === 101 || status === 204 || status === 304;
}

function isBody(chunk: unknown): chunk is string | Uint8Array {
  return typeof chunk === "string" || chunk instanceof Uint8Array;
}
