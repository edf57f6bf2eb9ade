import { http } from "../platform/builtins.js";
import { kObserved, shareMembers } from "./internal.js";
import { ResponseMethods } from "./response-methods.js";
import type { AfterSteps, NoncePolicy, Observation, ResponseContract, ServedRequest } from "./served.js";

/** The response that `node:http` makes itself. */
export class NodeResponse extends http.ServerResponse<ServedRequest> {
  "miqro:claimed": boolean = false;
  "miqro:observed": Observation | undefined = undefined;
  "miqro:policy": NoncePolicy | undefined = undefined;
  "miqro:contract": ResponseContract | undefined = undefined;
  "miqro:error": unknown = undefined;
  "miqro:after": AfterSteps | undefined = undefined;

  /** Every head goes through here: those of the package, of a handler, and of a body that is sent without one. */
  override writeHead(status: number, reason?: unknown, headers?: unknown): this {
    const observed = this[kObserved];
    if (observed === undefined || this.headersSent)
      return super.writeHead(status, reason as string, headers as []);
    const head = observed.begin(status, reason, headers);
    return super.writeHead(head.status, head.reason);
  }

  /** Node calls this where a body is sent without a head. What the package sends itself has its head already. */
  _implicitHeader(): void {
    if (!this.hasHeader("X-Content-Type-Options")) this.setHeader("X-Content-Type-Options", "nosniff");
    this.writeHead(this.statusCode);
  }
}

shareMembers(NodeResponse.prototype, ResponseMethods.prototype);
