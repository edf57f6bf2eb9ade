import { ConsoleTransport, Logger, type LogTransport, type Relay } from "@miqro/core";
import { conventions } from "../conventions/table.js";
import type { Problem } from "../errors.js";
import { httpFiles } from "../http-files/table.js";
import { FileProblems } from "../options/file-problems.js";
import type { Composition } from "./load-composition.js";
import { createPageRenderer, type PageRendering } from "./page-renderer.js";
import type { CompositionParts, PageContents } from "./parts.js";

/** How to compose. */
export interface ComposeOptions {
  /** The log file, if there is one. */
  readonly logFile?: LogTransport | undefined;
  /** The state that the workers of the server share, if it has several workers. */
  readonly relay?: Relay | undefined;
  /** The conventions and the kinds of files to compose. Default: all. */
  readonly only?: readonly string[] | undefined;
  /** How pages are rendered, if no client waits for them. */
  readonly rendering?: PageRendering | undefined;
  /** Holds the content of Markdown pages, if their handlers must not keep it. */
  readonly pageContents?: PageContents | undefined;
  /** Tells of each line of the log whether it is dropped. Default: no line is dropped. */
  readonly isMuted?: (() => boolean) | undefined;
  /** Gives databases another storage than their configs contain. */
  readonly storageOf?: CompositionParts["storageOf"] | undefined;
}

/**
 * Calls every convention, and every kind of file, that the services use, in the order of their tables. Each adds to the
 * parts of the composition. Errors are added to the problems of the parts.
 */
export async function compose(
  composition: Composition,
  { only, pageContents, isMuted, ...given }: ComposeOptions,
): Promise<CompositionParts> {
  const { services } = composition;
  const parts = createParts(composition, given);
  if (pageContents !== undefined) parts.pageContents = pageContents;
  for (const { name, load, isAsked } of conventions) {
    if (only !== undefined && !only.includes(name)) continue;
    const files = services.flatMap((service) => {
      const loaded = service.configs.get(name);
      return loaded === undefined ? [] : [{ ...loaded, service }];
    });
    const convention = files[0]?.convention ?? (isAsked?.(process.env) === true ? await load() : undefined);
    await convention?.compose?.(files, parts);
  }
  if (isMuted !== undefined) {
    const transports = parts.logTransports ?? [new ConsoleTransport()];
    parts.logTransports = transports.map((transport) => withMute(transport, isMuted));
  }
  const hasDatabases = only === undefined || only.includes("db");
  if (hasDatabases && services.some(({ migrations }) => migrations.length > 0)) {
    (await import("./databases.js")).addMigrations(parts);
  }
  if (only !== undefined) return parts;
  for (const { kind } of httpFiles) {
    const files = services.flatMap(({ http }) => http.filter(({ file }) => file.kind === kind));
    await files[0]?.kind.compose?.(files, parts);
  }
  return parts;
}

function withMute(transport: LogTransport, isMuted: () => boolean): LogTransport {
  return {
    ...(transport.level === undefined ? {} : { level: transport.level }),
    write: (record) => (isMuted() ? undefined : transport.write(record)),
    flush: async () => transport.flush?.(),
  };
}

function createParts(
  composition: Composition,
  { logFile, relay, rendering, storageOf }: Omit<ComposeOptions, "only" | "pageContents" | "isMuted">,
): CompositionParts {
  const problems: Problem[] = [];
  const parts: CompositionParts = {
    composition,
    problems,
    problemsOf: (file) => new FileProblems(file, problems),
    logFile,
    relay,
    ...(logFile === undefined ? {} : { logTransports: [new ConsoleTransport(), logFile] }),
    getLogger: (identifier) =>
      new Logger(
        identifier,
        undefined,
        parts.logTransports === undefined ? {} : { transports: parts.logTransports },
      ),
    webSockets: new Map(),
    hooks: [],
    ...(storageOf === undefined ? {} : { storageOf }),
    renderer: createPageRenderer({ modulePreload: (url) => parts.clientCode?.preloads(url) }, rendering),
    sitePages: [],
  };
  return parts;
}
