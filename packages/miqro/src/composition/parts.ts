import type { Logger, LoggerLike, LogTransport, Relay, Request, WebSocketServer } from "@miqro/core";
import type { ServerConfig } from "../conventions/server.js";
import type { Problem } from "../errors.js";
import type { FileProblems } from "../options/file-problems.js";
import type { ClientCode } from "./client-code.js";
import type { Databases } from "./databases.js";
import type { Composition } from "./load-composition.js";
import type { PageRenderer } from "./page-renderer.js";

/** What conventions and kinds of files add to while a composition is put together, and read when they mount. */
export interface CompositionParts {
  readonly composition: Composition;
  /** What is wrong, over all files; the composition starts only when it stays empty. */
  readonly problems: Problem[];
  /** Collects what is wrong with one file. */
  problemsOf(file: string): FileProblems;
  getLogger(identifier: string): Logger;
  /** The log file, where there is one. */
  readonly logFile?: LogTransport | undefined;
  /** Where lines go, if not to the console alone. */
  logTransports?: readonly LogTransport[];
  /** Makes the loggers of the app, where a service says where lines go. */
  loggerFactory?: (identifier: string, req?: Request) => LoggerLike;
  /** The events and counts that the workers of the server share, where it has several. */
  readonly relay?: Relay | undefined;
  /** The databases, where a service has some. */
  databases?: Databases;
  /** The WebSocket servers by the shape of their path. */
  readonly webSockets: Map<string, WebSocketServer>;
  /** The hooks of all services, in their order. */
  readonly hooks: { readonly file: string; readonly config: ServerConfig }[];
  readonly renderer: PageRenderer;
  /** The client modules, where a service has some. */
  clientCode?: ClientCode | undefined;
}
