import { http } from "../platform/builtins.js";
import { shareMembers } from "./internal.js";
import { ResponseMethods } from "./response-methods.js";
import type { AfterSteps, ResponseContract, ServedRequest } from "./served.js";

/** The response that `node:http` makes itself. */
export class NodeResponse extends http.ServerResponse<ServedRequest> {
  "miqro:answered": boolean = false;
  "miqro:contract": ResponseContract | undefined = undefined;
  "miqro:error": unknown = undefined;
  "miqro:after": AfterSteps | undefined = undefined;

  /** Node calls this where a body is sent without a head. What the package sends itself has its head already. */
  _implicitHeader(): void {
    if (!this.hasHeader("X-Content-Type-Options")) this.setHeader("X-Content-Type-Options", "nosniff");
    this.writeHead(this.statusCode);
  }
}

shareMembers(NodeResponse.prototype, ResponseMethods.prototype);
