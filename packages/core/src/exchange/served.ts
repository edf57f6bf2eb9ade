import type { IncomingMessage, ServerResponse } from "node:http";
import type { BodySink } from "../body/body-reader.js";
import type { RequestFields } from "./request-fields.js";
import type { ResponseMethods } from "./response-methods.js";

/** A request as the package itself sees it, whichever implementation it is of. */
export interface ServedRequest extends RequestFields, IncomingMessage {
  method: string;
  url: string;
  headers: IncomingMessage["headers"];
  readonly signal: AbortSignal;
  /** False when the body is read as a stream already. */
  "miqro:handOver"?(sink: BodySink): boolean;
}

/** A response as the package itself sees it, whichever implementation it is of. */
export interface ServedResponse extends ResponseMethods, ServerResponse<ServedRequest> {
  statusCode: number;
  readonly req: ServedRequest;
}
