import type { Socket } from "node:net";
import { http } from "../platform/builtins.js";
import { holdLate, isSettled } from "../reply/answer.js";
import { countEnd, countPart, type MeasuredResponse, sendsBody, settleFraming } from "./framing.js";
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
} from "./served.js";

/**
 * The response class that `node:http` creates directly. It drops calls that come after the answer, and makes sure that
 * a body has the length that its head promised.
 */
export class NodeResponse extends http.ServerResponse<ServedRequest> {
  "miqro:claimed": boolean = false;
  "miqro:written": number = 0;
  "miqro:observed": Observation | undefined = undefined;
  "miqro:observing": PendingObservation | undefined = undefined;
  "miqro:policy": NoncePolicy | undefined = undefined;
  "miqro:contract": ResponseContract | undefined = undefined;
  "miqro:error": unknown = undefined;
  "miqro:turn": ErrorTurn | undefined = undefined;
  "miqro:after": AfterSteps | undefined = undefined;

  /** Every head passes through here: heads of the package, of a handler, and of a body without a head. */
  override writeHead(status: number, reason?: unknown, headers?: unknown): this {
    if (this.headersSent) {
      if (!isSettled(asServed(this))) return super.writeHead(status, reason as string, headers as []);
      holdLate(asServed(this));
      return this;
    }
    this[kObserving]?.start(asServed(this));
    const observed = this[kObserved];
    if (observed !== undefined) {
      const head = observed.begin(status, reason, headers);
      settleFraming(asServed(this), head.status, undefined);
      return super.writeHead(head.status, head.reason);
    }
    // A whole head that the package made.
    if (this[kWritten] < 0 && headers === undefined && typeof reason === "object") {
      return super.writeHead(status, reason as unknown as []);
    }
    const text = typeof reason === "string" ? reason : undefined;
    const given = text === undefined ? (headers ?? reason) : headers;
    const rest = settleFraming(asServed(this), status, given);
    return text === undefined
      ? super.writeHead(status, rest as [])
      : super.writeHead(status, text, rest as []);
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

  "miqro:write"(chunk: unknown, encoding?: unknown, done?: unknown): boolean {
    if (this.writableEnded) holdLate(asServed(this));
    else if (this[kWritten] >= 0 && !countPart(asServed(this), chunk, encoding)) return false;
    return super.write(chunk, encoding as BufferEncoding, done as () => void);
  }

  "miqro:end"(chunk?: unknown, encoding?: unknown, done?: unknown): void {
    if (this.writableEnded) holdLate(asServed(this));
    else if (this[kWritten] >= 0 && (this.headersSent || this.hasHeader("Content-Length"))) {
      if (!countEnd(asServed(this), chunk, encoding)) return;
    }
    super.end(chunk, encoding as BufferEncoding, done as () => void);
  }

  override setHeader(name: string, value: number | string | readonly string[]): this {
    if (!isSettled(asServed(this))) return super.setHeader(name, value);
    holdLate(asServed(this));
    return this;
  }

  override appendHeader(name: string, value: string | readonly string[]): this {
    if (!isSettled(asServed(this))) return super.appendHeader(name, value);
    holdLate(asServed(this));
    return this;
  }

  override setHeaders(headers: Headers | Map<string, number | string | readonly string[]>): this {
    if (!isSettled(asServed(this))) return super.setHeaders(headers);
    holdLate(asServed(this));
    return this;
  }

  override removeHeader(name: string): void {
    if (isSettled(asServed(this))) holdLate(asServed(this));
    else super.removeHeader(name);
  }

  // An interim answer cannot follow the final one, and HTTP/1.0 has no interim answers.
  override writeContinue(done?: () => void): void {
    if (takesInformation(this)) super.writeContinue(done);
  }

  override writeProcessing(done?: () => void): void {
    if (takesInformation(this)) super.writeProcessing(done);
  }

  override writeEarlyHints(hints: Record<string, string | string[]>, done?: () => void): void {
    if (takesInformation(this)) super.writeEarlyHints(hints, done);
  }

  /** Node would send the rest of an answer that was cut while it waited for the earlier answer. */
  override assignSocket(socket: Socket): void {
    if (this.destroyed) socket.destroy();
    else super.assignSocket(socket);
  }

  /** A handler that takes the connection of an unfinished answer away decides when this answer is over. */
  override detachSocket(socket: Socket): void {
    super.detachSocket(socket);
    if (!this.writableEnded) socket.once("close", () => endAnswer(this));
  }

  /** If a body without a length ended with its connection, it would look complete. So such a connection is reset. */
  override destroy(error?: Error): this {
    if (!this.destroyed && endsWithConnection(this)) reset(this.socket);
    return super.destroy(error);
  }

  /** Node calls this if a body is sent without a head. Answers of the package already have a head. */
  _implicitHeader(): void {
    if (!this.hasHeader("X-Content-Type-Options")) this.setHeader("X-Content-Type-Options", "nosniff");
    this.writeHead(this.statusCode);
  }
}

interface AnswerFields {
  finished: boolean;
  destroyed: boolean;
  _closed: boolean;
}

/** Tells that an answer is over, if Node cannot know this. Then the steps after the answer run. */
export function endAnswer(res: NodeResponse): void {
  const fields = res as unknown as AnswerFields;
  if (fields._closed) return;
  fields.destroyed = true;
  fields._closed = true;
  res.emit("close");
}

/** Ends an answer with 101 that other code has written. From now on the connection belongs to that code. */
export function switchProtocols(res: NodeResponse): void {
  res.statusCode = 101;
  (res as unknown as AnswerFields).finished = true;
  Object.defineProperty(res, "writableFinished", { value: true });
  if (res.socket !== null) res.detachSocket(res.socket);
  process.nextTick(() => {
    res.emit("finish");
    endAnswer(res);
  });
}

function asServed(res: NodeResponse): MeasuredResponse {
  return res as unknown as MeasuredResponse;
}

function takesInformation(res: NodeResponse): boolean {
  return !res.headersSent && res.req.httpVersionMinor > 0;
}

function endsWithConnection(res: NodeResponse): boolean {
  if (!res.headersSent || res.writableFinished || res.chunkedEncoding) return false;
  return (
    !res.hasHeader("Content-Length") &&
    typeof asServed(res)._contentLength !== "number" &&
    sendsBody(asServed(res))
  );
}

function reset(socket: Socket | null): void {
  try {
    socket?.resetAndDestroy();
  } catch {
    // TLS sockets and Unix sockets cannot be reset. TLS itself distinguishes a cut from a normal end.
  }
}

shareMembers(NodeResponse.prototype, ResponseMethods.prototype);
