import type { Duplex } from "node:stream";
import { StateError } from "../errors.js";
import { captureContext } from "../exchange/async-context.js";
import { setHeaders } from "../exchange/head-headers.js";
import { kContext, kObserved, kObserving } from "../exchange/internal.js";
import type { Observation, PendingObservation, ServedResponse, SettledHead } from "../exchange/served.js";
import type { Response } from "../exchange/types.js";

/** A head on its way out. Its headers are those of the response, to be read and changed by the methods of that. */
export interface AnswerHead {
  /** The status of the answer; another one may be set. */
  status: number;
  /** The words for the status; `undefined` for the usual ones. */
  reason: string | undefined;
  /** Whether a body follows on the connection: false for HEAD, 204 and 304. */
  readonly hasBody: boolean;
  /** All of the body, where it is known before the head leaves. For HEAD too, since its headers tell of it. */
  readonly whole: string | Uint8Array | undefined;
  /** Sends another body in place of a whole one, with its length. */
  replace(body: string | Uint8Array): void;
  /** Sends the body, whole or not, through a transform. Its length is not known any more then. */
  pipeThrough(transform: Duplex): void;
}

/** Sees a head before it is settled. What it throws goes to who answers, as an error of the handler. */
export type HeadObserver = (head: AnswerHead, res: Response) => void;

/**
 * Lets a function see, and change, the head of an answer, whoever makes it and in whatever way: it runs once, when the
 * head is settled. Of several the last one runs first, so that who came first has the last word, as with middleware.
 * An answer that nobody observes pays nothing for it.
 */
export function observe(response: Response, observer: HeadObserver): void {
  const res = response as ServedResponse;
  // Who came first stays first.
  res[kObserving]?.start(res);
  res[kObserved] ??= new ObservedAnswer(res);
  (res[kObserved] as ObservedAnswer).add(observer);
}

/** Makes an observer that is to see only answers with bodies of that length, in bytes, or of one that nobody knows. */
export function toPending(observer: HeadObserver, least: number): PendingObservation {
  return {
    least,
    start(res) {
      res[kObserving] = undefined;
      observe(res, observer);
    },
  };
}

/** As `observe`, for an observer that has no eye for small answers. */
export function observeLater(response: Response, pending: PendingObservation): void {
  const res = response as ServedResponse;
  if (res[kObserved] === undefined && res[kObserving] === undefined) res[kObserving] = pending;
  else {
    res[kObserving]?.start(res);
    pending.start(res);
  }
}

type Write = (chunk: unknown, encoding?: unknown, done?: unknown) => boolean;
type End = (chunk?: unknown, encoding?: unknown, done?: unknown) => ServedResponse;

/**
 * Stands between an answer and its connection. It takes the place of `write` and `end`, since a head has to be settled,
 * and the way of the body be known, before the first byte is on it.
 */
class ObservedAnswer implements Observation {
  readonly #res: ServedResponse;
  readonly #observers: HeadObserver[] = [];
  readonly #write: Write;
  readonly #end: End;
  #whole: string | Uint8Array | undefined;
  #replacement: string | Uint8Array | undefined;
  // What the body goes through; who sends it writes to the first.
  #transforms: readonly Duplex[] = [];
  #hasEnded = false;

  constructor(res: ServedResponse) {
    this.#res = res;
    this.#write = res.write.bind(res) as Write;
    this.#end = res.end.bind(res) as End;
    res.write = ((chunk: unknown, encoding?: unknown, done?: unknown) =>
      this.#takePart(chunk, encoding, done)) as ServedResponse["write"];
    res.end = ((chunk?: unknown, encoding?: unknown, done?: unknown) =>
      this.#takeEnd(chunk, encoding, done)) as ServedResponse["end"];
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
    // An earlier head could not be sent, and this one takes its place.
    for (const transform of this.#transforms) transform.destroy();
    this.#transforms = [];
    this.#replacement = undefined;
    const given = isBodiless(status) ? undefined : this.#whole;
    this.#whole = undefined;
    let whole = given;
    const { method } = res.req;
    const head: AnswerHead = {
      status,
      reason: typeof reason === "string" ? reason : undefined,
      get hasBody() {
        return method !== "HEAD" && !isBodiless(head.status);
      },
      get whole() {
        return whole;
      },
      replace(body) {
        if (whole === undefined)
          throw new StateError("Only a body that is known as a whole can be replaced.");
        whole = body;
      },
      pipeThrough: (transform) => void transforms.push(transform),
    };
    for (const observer of this.#observers.toReversed()) observer(head, res);
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
      // Who sends the body may be done with it, but no end of it may leave.
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
      if (this.#write(chunk)) return;
      output.pause();
      res.once("drain", () => output.resume());
    });
    output.on("end", () => void this.#end());
    // Who sends the body waits for the response.
    transforms[0]?.on("drain", () => res.emit("drain"));
    res.once("close", () => {
      for (const transform of transforms) transform.destroy();
    });
  }

  #takePart(chunk: unknown, encoding: unknown, done: unknown): boolean {
    const res = this.#res;
    if (!isBody(chunk) || this.#isOver()) return this.#write(chunk, encoding, done);
    if (!res.headersSent) {
      this.#whole = undefined;
      res._implicitHeader();
    }
    const [input] = this.#transforms;
    if (input === undefined) return this.#write(chunk, encoding, done);
    return (input.write as Write).call(input, chunk, encoding, done);
  }

  #takeEnd(...given: unknown[]): ServedResponse {
    const res = this.#res;
    if (this.#isOver()) return this.#end(...given);
    const done = given.find((one) => typeof one === "function") as (() => void) | undefined;
    const [chunk = "", encoding] = given.map((one) => (typeof one === "function" ? undefined : one));
    if (chunk !== null && !isBody(chunk)) return this.#end(...given);
    if (!res.headersSent) this.#settleFor(chunk ?? "", encoding);
    this.#hasEnded = true;
    const [input] = this.#transforms;
    if (input === undefined) {
      return this.#replacement === undefined ? this.#end(...given) : this.#end(this.#replacement, done);
    }
    if (done !== undefined) res.once("finish", done);
    if (this.#replacement !== undefined) input.end(this.#replacement);
    else if (chunk === null || chunk === "") input.end();
    else (input.end as (...given: unknown[]) => unknown).call(input, chunk, encoding);
    return res;
  }

  // The whole body comes without a head before it: Node would tell its length.
  #settleFor(chunk: string | Uint8Array, encoding: unknown): void {
    const res = this.#res;
    const isPlain = encoding === undefined || encoding === "utf8" || encoding === "utf-8";
    const body =
      typeof chunk === "string" && !isPlain ? Buffer.from(chunk, encoding as BufferEncoding) : chunk;
    const isHead = res.req.method === "HEAD";
    // An answer to HEAD may be without a body that a GET has.
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

function isBodiless(status: number): boolean {
  return status === 204 || status === 304;
}

function isBody(chunk: unknown): chunk is string | Uint8Array {
  return typeof chunk === "string" || chunk instanceof Uint8Array;
}
