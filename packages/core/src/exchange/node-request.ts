import type { IncomingMessage } from "node:http";
import { http } from "../platform/builtins.js";
import { kContinue, kSink, shareMembers } from "./internal.js";
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

/** The request that `node:http` makes itself: no wrapper, and nothing computed before it is asked for. */
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
  /** Whether the end of the body is still to be told to the stream. */
  "miqro:endIsHeld": boolean = false;
  "miqro:split": Target | undefined = undefined;
  "miqro:details": RequestDetails | undefined = undefined;
  "miqro:params": Params | undefined = undefined;
  "miqro:paramsOf": Step["slots"] = undefined;

  /**
   * Node's parser calls this with each part of the body, and with null at its end. Who keeps the whole body gets it from
   * here. The end of a body that nobody reads is held back until someone does: most never do.
   * (decisions/031-request-speed.md)
   */
  override push(chunk: unknown, encoding?: BufferEncoding): boolean {
    const sink = this[kSink];
    const isRead = this.readableFlowing !== null || this.listenerCount("readable") > 0;
    if (chunk === null) {
      this[kSink] = undefined;
      if (isRead || this.readableLength > 0) super.push(null);
      else this["miqro:endIsHeld"] = true;
      sink?.end();
      return true;
    }
    if (sink === undefined) return super.push(chunk, encoding);
    sink.take(chunk as Buffer);
    return isRead ? super.push(chunk, encoding) : true;
  }

  override _read(size: number): void {
    this[kContinue]?.();
    if (!this["miqro:endIsHeld"]) {
      super._read(size);
      return;
    }
    this["miqro:endIsHeld"] = false;
    super.push(null);
  }

  "miqro:handOver"(sink: BodySink): boolean {
    if (this.complete || this.destroyed || this.readableFlowing !== null || this.readableLength > 0)
      return false;
    if (hasListeners(this)) return false;
    this[kSink] = sink;
    this[kContinue]?.();
    return true;
  }

  /** Node waits for another tick here, which is for requests that are cut before their end. */
  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    const sink = this[kSink];
    if (sink !== undefined) {
      this[kSink] = undefined;
      process.nextTick(() => sink.cut(error));
    }
    if (error === null && this.complete && this.readableEnded) done(null);
    else super._destroy(error, done);
  }

  /**
   * Node calls this after the answer, to throw away what is left of the body. Where all of it came and nobody listens,
   * there is nothing to throw away and nobody to tell the end to: the machinery of a stream for that costs a tenth of
   * a request. (decisions/031-request-speed.md)
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

// What Node does at the end of a request: an idle connection must not keep its last one.
function forget(req: IncomingMessage): void {
  const { parser } = req.socket as { parser?: { incoming?: unknown } | null };
  if (parser?.incoming === req) parser.incoming = null;
}

shareMembers(NodeRequest.prototype, RequestFields.prototype);
Object.assign(NodeRequest.prototype, defaultFields);
