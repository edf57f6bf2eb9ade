import type { ServedResponse } from "../exchange/served.js";
import type { IsTrusted } from "../exchange/trust-proxy.js";
import type { ErrorHandler, Renderer, Request } from "../exchange/types.js";
import type { LoggerLike } from "../log/types.js";
import type { AfterSteps } from "../pipeline/after.js";

/** What requests, replies and body parsers need to know of their app. */
export interface AppContext {
  readonly isTrusted: IsTrusted;
  /** In bytes. */
  readonly bodyLimit: number;
  readonly renderer: Renderer | undefined;
  /** Whether replies get an `ETag`. */
  readonly etag: boolean;
  /** Whether `/a` and `/A` are two paths. */
  readonly caseSensitive: boolean;
  /** Whether error answers may tell what happened. */
  readonly isDevelopment: boolean;
  /** The error handlers of the app itself. */
  readonly catchers: readonly ErrorHandler[];
  /** The list of what runs after an answer, made on first use. */
  after(res: ServedResponse): AfterSteps;
  createLogger(req: Request): LoggerLike;
}
