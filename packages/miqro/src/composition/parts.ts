import type { Logger, LoggerLike, LogTransport, Relay, Request, WebSocketServer } from "@miqro/core";
import type { ServerConfig } from "../conventions/server.js";
import type { Problem } from "../errors.js";
import type { PageValues } from "../markdown/page-values.js";
import type { PageContent } from "../markdown/render-page.js";
import type { FileProblems } from "../options/file-problems.js";
import type { LoadedService } from "../service/load-service.js";
import type { StorageOf } from "../testing/test-database.js";
import type { ClientCode } from "./client-code.js";
import type { Databases } from "./databases.js";
import type { Composition } from "./load-composition.js";
import type { PageRenderer } from "./page-renderer.js";

/**
 * Conventions and kinds of files add to these parts while a composition is created, and read them when they mount.
 */
export interface CompositionParts {
  readonly composition: Composition;
  /** The problems of all files. The composition starts only if this array is empty. */
  readonly problems: Problem[];
  /** Collects the problems of one file. */
  problemsOf(file: string): FileProblems;
  getLogger(identifier: string): Logger;
  /** The log file, if there is one. */
  readonly logFile?: LogTransport | undefined;
  /** The transports of log lines, besides the console. */
  logTransports?: readonly LogTransport[];
  /** Makes the loggers of the app, if a service has a `log.ts`. */
  loggerFactory?: (identifier: string, req?: Request) => LoggerLike;
  /** Gives a database another storage than its config contains, for tests; undefined keeps the storage. */
  readonly storageOf?: StorageOf;
  /** The events and counts that the workers of the server share, if it has several workers. */
  readonly relay?: Relay | undefined;
  /** The databases, if a service has any. */
  databases?: Databases;
  /** The WebSocket servers. The key is the shape of their path. */
  readonly webSockets: Map<string, WebSocketServer>;
  /** The hooks of all services, in their order. */
  readonly hooks: { readonly file: string; readonly config: ServerConfig }[];
  readonly renderer: PageRenderer;
  /** The client modules, if a service has any. */
  clientCode?: ClientCode | undefined;
  /** Holds the content of Markdown pages, if their handlers must not keep it. */
  pageContents?: PageContents;
  /**
   * Pages of conventions, besides the files below `http/`, that are part of a static site. A convention adds to them
   * when it composes or mounts. A path without an extension gets the extension of its content type.
   */
  readonly sitePages: SitePage[];
}

/** A document or file that a convention serves by GET. */
export interface SitePage {
  readonly service: LoadedService;
  /** The path, percent-encoded. */
  readonly path: string;
  /** The source file that adds it, for messages. */
  readonly source: string;
}

/** A Markdown page whose front matter was read. */
export interface AskedContent {
  readonly values: PageValues;
  /** Its source file. */
  readonly file: string;
}

/** Renders the content of Markdown pages. */
export interface PageContents {
  /** Called with all pages before the first one is rendered, in the order in which they will probably be requested. */
  prepare(pages: readonly AskedContent[]): void | Promise<void>;
  /** Reads the file of a page, and renders it. */
  get(asked: AskedContent): PageContent | Promise<PageContent>;
}
