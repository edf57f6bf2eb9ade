import { http } from "../modules.js";
import type { AfterSteps } from "../pipeline/after.js";
import type { ResponseContract } from "../validation/response-contract.js";
import { shareMembers } from "./internal.js";
import { ResponseMethods } from "./response-methods.js";
import type { ServedRequest } from "./served.js";

/** The response that `node:http` makes itself. */
export class NodeResponse extends http.ServerResponse<ServedRequest> {
  "miqro:answered": boolean = false;
  "miqro:contract": ResponseContract | undefined = undefined;
  "miqro:error": unknown = undefined;
  "miqro:after": AfterSteps | undefined = undefined;
}

shareMembers(NodeResponse.prototype, ResponseMethods.prototype);
