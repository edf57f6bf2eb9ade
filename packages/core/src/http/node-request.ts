import { IncomingMessage } from "node:http";
import type { AppContext } from "../app/context.js";
import type { Outcome } from "../pipeline/outcome.js";
import type { Pipeline } from "../pipeline/pipeline.js";
import type { Step } from "../pipeline/step.js";
import { defaultFields, type RequestDetails, RequestFields } from "./request-fields.js";
import { type ServedResponse, shareMembers } from "./served.js";
import type { Target } from "./target.js";

/** The request that `node:http` makes itself: no wrapper, and nothing computed before it is asked for. */
export class NodeRequest extends IncomingMessage {
  "miqro:context": AppContext | undefined = undefined;
  "miqro:response": ServedResponse | undefined = undefined;
  "miqro:pipeline": Pipeline | undefined = undefined;
  "miqro:step": Step | undefined = undefined;
  "miqro:bodyRead": Outcome<undefined> | undefined = undefined;
  "miqro:abortBody": ((error: Error) => void) | undefined = undefined;
  "miqro:split": Target | undefined = undefined;
  "miqro:details": RequestDetails | undefined = undefined;
}

shareMembers(NodeRequest.prototype, RequestFields.prototype);
Object.assign(NodeRequest.prototype, defaultFields);
