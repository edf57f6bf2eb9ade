import type { IncomingMessage } from "node:http";
import { http } from "../platform/builtins.js";
import { kContinue, kResponse, kSink, shareMembers } from "./internal.js";
import { endAnswer } from "./node-response.js";
import { defaultFields, RequestFields } from "./request-fields.js";
import type {
  AppContext,
  AsyncScope,
  BodyReader,
  BodySink,
  Pipeline,
  RequestDetails,
  ServedResponse,
  Step,
  Target,
} from "./served.js";
import type { Params } from "./types.js";

/** The request class that `node:http` creates directly. It needs no wrapper, and computes each field on first use. */
export class NodeRequest extends http.IncomingMessage {
  "miqro:context": AppContext | undefined = undefined;
  "miqro:response": ServedResponse | undefined = undefined;
  "miqro:pipeline": Pipeline | undefined = undefined;
  "miqro:step": Step | undefined = undefined;
  "miqro:scope": AsyncScope | undefined = undefined;
  "miqro:bodyRead": PromiseLike<undefined> | undefined = undefined;
  "miqro:abortBody": BodyReader | undefined = undefined;
  "miqro:sink": BodySink | undefined = undefined;
  /** Sends the 100 that the client waits for. */
  "miqro:continue": (() => void) | undefined = undefined;
  /** The first part of the body, while nothing reads the body. Null if the stream gets all further parts. */
  "miqro:first": Buffer | null | undefined = undefined;
  /** Whether the end of the body has not been passed to the stream yet. */
  "miqro:endIsHeld": boolean = false;
  "miqro:split": Target | undefined = undefined;
  "miqro:details": RequestDetails | undefined = undefined;
  "miqro:params": Params | undefined = undefined;
  "miqro:paramsOf": Step["slots"] = undefined;

  /**
   * Node's parser calls this with each part of the body, and with null at its end. A sink that keeps the whole body
   * gets it from here. The first part and the end of a body are held back until something reads the body: a body parser
   * behind an asynchronous guard gets them without the stream. (decisions/031-request-speed.md)
   */
  override push(chunk: unknown, encoding?: BufferEncoding): boolean {
    const sink = this[kSink];
    const isRead = this.readableFlowing !== null || this.listenerCount("readable") > 0;
    if (chunk === null) {
      this[kSink] = undefined;
      if (isRead || this.readableLength > 0) {
        this.#passFirst();
        super.push(null);
      } else this["miqro:endIsHeld"] = true;
      sink?.end();
      return true;
    }
    const part = chunk as Buffer;
    if (sink === undefined) {
      if (this["miqro:first"] === undefined && !isRead && part.length < this.readableHighWaterMark) {
        this["miqro:first"] = part;
        return true;
      }
      this.#passFirst();
      return super.push(part, encoding);
    }
    sink.take(part);
    return isRead ? super.push(part, encoding) : true;
  }

  #passFirst(): void {
    const first = this["miqro:first"];
    this["miqro:first"] = null;
    if (first) super.push(first);
  }

  override _read(size: number): void {
    this[kContinue]?.();
    this.#passFirst();
    if (!this["miqro:endIsHeld"]) {
      super._read(size);
      return;
    }
    this["miqro:endIsHeld"] = false;
    super.push(null);
  }

  "miqro:handOver"(sink: BodySink): boolean {
    const first = this["miqro:first"];
    const isWhole = Boolean(first) && this["miqro:endIsHeld"];
    if ((this.complete && !isWhole) || this.destroyed) return false;
    if (this.readableFlowing !== null || this.readableLength > 0 || hasListeners(this)) return false;
    this["miqro:first"] = null;
    this[kSink] = isWhole ? undefined : sink;
    this[kContinue]?.();
    if (first) sink.take(first);
    if (isWhole) sink.end();
    return true;
  }

  /** Node waits for another tick here. Only requests that are cut before their end need that tick. */
  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    const sink = this[kSink];
    if (sink !== undefined) {
      this[kSink] = undefined;
      process.nextTick(() => sink.cut(error));
    }
    const res = this[kResponse];
    // Node.js 20 does not close an answer that waits for an earlier answer of its connection.
    if (error !== null && res?.socket === null && !res.writableFinished) process.nextTick(endAnswer, res);
    if (error === null && this.complete && this.readableEnded) done(null);
    else super._destroy(error, done);
  }

  /**
   * Node calls this after the answer, to throw away the rest of the body. If the body is complete and nothing listens,
   * nothing is left to read, and the end need not be reported. The stream functions for this would cost a tenth of a
   * request. (decisions/031-request-speed.md)
   */
  _dump(): void {
    if (this.complete && this.readableLength === 0 && !hasListeners(this)) {
      forget(this);
      return;
    }
    (http.IncomingMessage.prototype as Dumpable)._dump?.call(this);
  }
}

interface Dumpable {
  _dump?(): void;
}

function hasListeners(req: IncomingMessage): boolean {
  return (
    req.listenerCount("end") > 0 ||
    req.listenerCount("close") > 0 ||
    req.listenerCount("data") > 0 ||
    req.listenerCount("readable") > 0
  );
}

// Node also does this at the end of a request. An idle connection must not keep its last request in memory.
function forget(req: IncomingMessage): void {
  const { parser } = req.socket as { parser?: { incoming?: unknown } | null };
  if (parser?.incoming === req) parser.incoming = null;
}

shareMembers(NodeRequest.prototype, RequestFields.prototype);
Object.assign(NodeRequest.prototype, defaultFields);
