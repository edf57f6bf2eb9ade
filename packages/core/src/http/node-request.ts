import { IncomingMessage } from "node:http";
import type { AppContext } from "../app/context.js";
import type { BodyReader } from "../body/body-reader.js";
import type { Outcome } from "../pipeline/outcome.js";
import type { Pipeline } from "../pipeline/pipeline.js";
import type { Step } from "../pipeline/step.js";
import { shareMembers } from "./internal.js";
import { defaultFields, type RequestDetails, RequestFields } from "./request-fields.js";
import type { ServedResponse } from "./served.js";
import type { Target } from "./target.js";
import type { Params } from "./types.js";

/** The request that `node:http` makes itself: no wrapper, and nothing computed before it is asked for. */
export class NodeRequest extends IncomingMessage {
  "miqro:context": AppContext | undefined = undefined;
  "miqro:response": ServedResponse | undefined = undefined;
  "miqro:pipeline": Pipeline | undefined = undefined;
  "miqro:step": Step | undefined = undefined;
  "miqro:bodyRead": Outcome<undefined> | undefined = undefined;
  "miqro:abortBody": BodyReader | undefined = undefined;
  "miqro:split": Target | undefined = undefined;
  "miqro:details": RequestDetails | undefined = undefined;
  "miqro:params": Params | undefined = undefined;
  "miqro:paramsOf": Step["slots"] = undefined;

  /** Node waits for another tick here, which is for requests that are cut before their end. */
  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
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
    (IncomingMessage.prototype as Dumpable)._dump?.call(this);
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
