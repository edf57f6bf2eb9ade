import type { Socket } from "node:net";
import { Writable } from "node:stream";
import { StateError } from "../errors.js";
import { http } from "../platform/builtins.js";
import { holdLate, isSettled } from "../reply/answer.js";
import { countEnd, countPart, sendsBody, settleFraming } from "./framing.js";
import { setHeaders } from "./head-headers.js";
import { kEnd, kObserved, kObserving, kWrite, kWritten, shareMembers } from "./internal.js";
import { ResponseMethods } from "./response-methods.js";
import type {
  AfterSteps,
  ErrorTurn,
  NoncePolicy,
  Observation,
  PendingObservation,
  ResponseContract,
  ServedRequest,
  ServedResponse,
} from "./served.js";

type HeaderValue = number | string | readonly string[];
type HeadersOfHead = readonly HeaderValue[] | Record<string, HeaderValue>;

/** Receives an answer that does not go over a socket of `node:http`. */
export interface VirtualSink {
  /** Status and headers are settled. `whole` is the body, if all of it is already known. */
  begin(status: number, headers: [name: string, value: string][], whole: Uint8Array | undefined): void;
  /** A part of the body; `done` asks for the next one. */
  write(chunk: Uint8Array, done: () => void): void;
  end(): void;
  /** The answer will never be complete. */
  fail(error: Error): void;
}

/** A response that does not go over a socket of `node:http`: the same methods over a plain stream. */
export class VirtualResponse extends Writable {
  readonly req: ServedRequest;
  statusCode = 200;
  statusMessage = "";
  headersSent = false;
  shouldKeepAlive = true;
  chunkedEncoding = false;
  useChunkedEncodingByDefault = true;
  sendDate = false;
  strictContentLength = false;
  "miqro:claimed": boolean = false;
  "miqro:written": number = 0;
  /** The length in `Content-Length`. Node uses the same name. */
  _contentLength: number | null = null;
  "miqro:observed": Observation | undefined = undefined;
  "miqro:observing": PendingObservation | undefined = undefined;
  "miqro:policy": NoncePolicy | undefined = undefined;
  "miqro:contract": ResponseContract | undefined = undefined;
  "miqro:error": unknown = undefined;
  "miqro:turn": ErrorTurn | undefined = undefined;
  "miqro:after": AfterSteps | undefined = undefined;
  readonly #sink: VirtualSink;
  readonly #headers = new Map<string, { readonly name: string; readonly value: HeaderValue }>();
  #begun = false;
  #ending = false;
  #complete = false;

  constructor(req: ServedRequest, sink: VirtualSink) {
    super({ highWaterMark: 64 * 1024 });
    this.req = req;
    this.#sink = sink;
    // The sink reports errors to the caller. This listener prevents an uncaught error; other listeners may be added.
    this.on("error", () => {});
  }

  get finished(): boolean {
    return this.writableEnded;
  }

  get socket(): Socket {
    return this.req.socket;
  }

  get connection(): Socket {
    return this.req.socket;
  }

  setHeader(name: string, value: HeaderValue): this {
    if (this.#isLate()) return this;
    this.#checkOpen();
    http.validateHeaderName(name);
    for (const one of [value].flat()) http.validateHeaderValue(name, one as string);
    this.#headers.set(name.toLowerCase(), { name, value });
    return this;
  }

  setHeaders(headers: Headers | Map<string, HeaderValue>): this {
    for (const [name, value] of headers) {
      if (name === "set-cookie") this.appendHeader(name, value as string);
      else this.setHeader(name, value);
    }
    return this;
  }

  appendHeader(name: string, value: string | readonly string[]): this {
    const present = this.#headers.get(name.toLowerCase())?.value;
    return this.setHeader(
      name,
      present === undefined ? value : [present, value].flat().map((one) => String(one)),
    );
  }

  getHeader(name: string): HeaderValue | undefined {
    return this.#headers.get(name.toLowerCase())?.value;
  }

  getHeaders(): Record<string, HeaderValue> {
    const headers: Record<string, HeaderValue> = Object.create(null);
    for (const [name, { value }] of this.#headers) headers[name] = value;
    return headers;
  }

  getHeaderNames(): string[] {
    return [...this.#headers.keys()];
  }

  getRawHeaderNames(): string[] {
    return [...this.#headers.values()].map(({ name }) => name);
  }

  hasHeader(name: string): boolean {
    return this.#headers.has(name.toLowerCase());
  }

  removeHeader(name: string): void {
    if (this.#isLate()) return;
    this.#checkOpen();
    this.#headers.delete(name.toLowerCase());
  }

  /** Every head passes through here: heads of the package, of a handler, and of a body without a head. */
  writeHead(status: number, reason?: string | HeadersOfHead, headers?: HeadersOfHead): this {
    if (this.#isLate()) return this;
    this.#checkOpen();
    checkStatus(status);
    this[kObserving]?.start(asServed(this));
    const observed = this[kObserved];
    if (observed !== undefined) {
      const head = observed.begin(status, reason, headers);
      checkStatus(head.status);
      settleFraming(asServed(this), head.status, undefined);
      this.#settle(head.status, head.reason);
      return this;
    }
    setHeaders(this, typeof reason === "string" ? headers : reason);
    settleFraming(asServed(this), status, undefined);
    this.#settle(status, typeof reason === "string" ? reason : undefined);
    return this;
  }

  /** Settles the head of a body without one. Node settles it with the first byte, and its errors go to the caller. */
  _implicitHeader(): void {
    checkStatus(this.statusCode);
    if (!this.hasHeader("X-Content-Type-Options")) this.setHeader("X-Content-Type-Options", "nosniff");
    this.writeHead(this.statusCode);
  }

  flushHeaders(): void {
    if (!this.headersSent) this._implicitHeader();
    this.#begin(undefined);
  }

  override write(chunk: unknown, encoding?: unknown, done?: unknown): boolean {
    this[kObserving]?.start(asServed(this));
    const observed = this[kObserved];
    return observed === undefined
      ? this[kWrite](chunk, encoding, done)
      : observed.takePart(chunk, encoding, done);
  }

  override end(chunk?: unknown, encoding?: unknown, done?: unknown): this {
    this[kObserving]?.start(asServed(this));
    const observed = this[kObserved];
    if (observed === undefined) this[kEnd](chunk, encoding, done);
    else observed.takeEnd(chunk, encoding, done);
    return this;
  }

  "miqro:write"(...given: unknown[]): boolean {
    if (this.#refuses(given)) return false;
    if (!this.headersSent) this._implicitHeader();
    if (this[kWritten] >= 0 && !countPart(asServed(this), given[0], given[1])) return false;
    return super.write(...(given as Parameters<Writable["write"]>));
  }

  "miqro:end"(...given: unknown[]): void {
    if (this.#refuses(given)) return;
    if (this[kWritten] >= 0 && !countEnd(asServed(this), given[0], given[1])) return;
    if (!this.headersSent) {
      this.#tellLength(given);
      this._implicitHeader();
    }
    this.#ending = true;
    super.end(...(given as Parameters<Writable["end"]>));
  }

  override _write(chunk: Buffer, _encoding: string, done: (error?: Error | null) => void): void {
    const whole = this.#ending && !this.#begun ? chunk : undefined;
    this.#begin(whole);
    if (whole !== undefined || !this.#hasBody()) done();
    else this.#sink.write(chunk, () => done());
  }

  override _final(done: (error?: Error | null) => void): void {
    this.#begin(new Uint8Array());
    this.#complete = true;
    this.#sink.end();
    done();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    if (!this.#complete) {
      this.#sink.fail(error ?? new StateError("The connection was closed before the answer was complete."));
    }
    if (!this.req.destroyed) this.req.destroy();
    done(error);
  }

  /** Does nothing, because there is no connection. */
  setTimeout(): this {
    return this;
  }

  assignSocket(): void {}
  detachSocket(): void {}
  writeContinue(): void {}
  writeProcessing(): void {}
  writeEarlyHints(): void {}
  addTrailers(): void {}

  #begin(whole: Uint8Array | undefined): void {
    if (this.#begun) return;
    this.#begun = true;
    const lines: [string, string][] = [];
    for (const { name, value } of this.#headers.values()) {
      for (const one of [value].flat()) lines.push([name, String(one)]);
    }
    this.#sink.begin(
      this.statusCode,
      lines,
      whole === undefined || this.#hasBody() ? whole : new Uint8Array(),
    );
  }

  #hasBody(): boolean {
    return this.req.method !== "HEAD" && this.statusCode !== 204 && this.statusCode !== 304;
  }

  // Node sets the length if the whole body is known before the head.
  #tellLength([chunk, encoding]: unknown[]): void {
    if (!sendsBody(asServed(this)) || this.hasHeader("Content-Length") || this.hasHeader("Transfer-Encoding"))
      return;
    const isBody = typeof chunk === "string" || chunk instanceof Uint8Array;
    const coding = typeof encoding === "string" ? (encoding as BufferEncoding) : undefined;
    this.setHeader("Content-Length", isBody ? Buffer.byteLength(chunk, coding) : 0);
  }

  #isLate(): boolean {
    if (!isSettled(asServed(this))) return false;
    holdLate(asServed(this));
    return true;
  }

  // A writable stream would drop the running answer together with the error.
  #refuses(given: readonly unknown[]): boolean {
    if (!this.writableEnded) return false;
    holdLate(asServed(this));
    const done = given.find((one) => typeof one === "function") as ((error: Error) => void) | undefined;
    if (done !== undefined) process.nextTick(done, new StateError("The answer is complete."));
    return true;
  }

  #settle(status: number, reason: string | undefined): void {
    const words = reason ?? this.statusMessage;
    if (!/^[\t\x20-\x7e\x80-\xff]*$/.test(words)) throw new TypeError("Invalid character in statusMessage");
    const length = this.getHeader("Content-Length");
    this._contentLength = length === undefined ? null : Number(length);
    if (reason !== undefined) this.statusMessage = reason;
    this.statusCode = status;
    this.headersSent = true;
  }

  #checkOpen(): void {
    if (this.headersSent) throw new StateError("Headers cannot be changed any more: they were sent.");
  }
}

shareMembers(VirtualResponse.prototype, ResponseMethods.prototype);

function asServed(res: VirtualResponse): ServedResponse {
  return res as unknown as ServedResponse;
}

function checkStatus(status: number): void {
  if (!(status >= 100 && status <= 999)) throw new RangeError(`Invalid status code: ${status}`);
}
