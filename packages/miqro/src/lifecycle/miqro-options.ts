import type { App, TrustProxy } from "@miqro/core";
import type { ServerConfig } from "../conventions/server.js";
import type { HttpFileEntry } from "../http-files/table.js";

/**
 * Called with an app before its services are mounted, to add to the app.
 * @param folders - the folders whose files are answered from the disk
 */
export type AppExtension = (app: App, folders: readonly string[]) => void;

/** The options of a composition, with the names of `miqro.json` and the flags. */
export interface MiqroOptions {
  /** The service folders, in the order in which they handle a request. */
  services: string | readonly string[];
  /**
   * True runs the output of `tsc`. False compiles sources when they are loaded, with the esbuild or the TypeScript that
   * the project has installed. Default: true, unless there are TypeScript sources and no `tsconfig.json` makes `tsc`
   * write their outputs.
   */
  noBuild?: boolean;
  /** True leaves the bundles of client code readable. Default false. */
  noMinify?: boolean;
  /**
   * True sends one bundle for each client entry, which needs esbuild; false sends modules. Default: true if esbuild
   * compiles the sources.
   */
  clientBundle?: boolean;
  /** The number of esbuild instances that may compile at the same time. Default 1. */
  inflateParallel?: string | number;
  /** The port to listen on. 0 takes a free port. Default 8080, and 8443 with HTTPS. */
  port?: string | number;
  /** The address to listen on. Default: all. */
  host?: string;
  /** The server's name. Default `server`. */
  name?: string;
  /**
   * If set, a request gets 403 unless its `Host` is in this array, an IP address, `localhost` or a name below it.
   * `--watch` sets an empty array, because otherwise a page of another site could read the app in development (DNS
   * rebinding). Default: any.
   */
  allowedHosts?: readonly string[];
  /** The proxies whose `X-Forwarded-*` headers are used; see `@miqro/core`. Default: none. */
  trustProxy?: TrustProxy;
  /** True sends answers without compression. Default: they are compressed, unless `NODE_ENV` is `development`. */
  noCompression?: boolean;
  /** True serves HTTPS, with `httpsKey` and `httpsCert`, on port 8443 unless `port` is set. Default false. */
  https?: boolean;
  /** The file with the private key, in PEM. */
  httpsKey?: string;
  /** The file with the certificate and its chain, in PEM. */
  httpsCert?: string;
  /** A port on which HTTP requests are redirected to HTTPS. Default: none. */
  httpsRedirect?: string | number;
  /**
   * The file to which lines of the log are appended; `true` is `./server.log`. Default: none. On the command line, the
   * default is `./server.log`.
   */
  logFile?: string | boolean;
  /** Only false is allowed. Pages reload under `miqro --watch --hot-reload`, since no process can watch itself. */
  hotreload?: boolean;
  /** Only false is allowed in this version. */
  editor?: boolean;
  /** The longest time to wait for files that a compiler has not written yet, in milliseconds. Default 15000. */
  compileTimeout?: number;
  /** Called once if there are such files, with the first file and their count. */
  onCompileWait?(file: string, count: number): void;
  /** Called with the sources that were compiled, and with all files of the project that they import. */
  onCompiled?(files: readonly string[]): void;
  /**
   * Called with each file that the user probably expects to be read but that is not read, such as `midleware.ts`.
   * Default: it is logged as a warning.
   */
  onHint?(file: string, message: string): void;
}

/** The name of each option. */
export const optionNames: readonly (keyof MiqroOptions)[] = [
  "services",
  "noBuild",
  "noMinify",
  "clientBundle",
  "inflateParallel",
  "port",
  "host",
  "name",
  "allowedHosts",
  "trustProxy",
  "noCompression",
  "https",
  "httpsKey",
  "httpsCert",
  "httpsRedirect",
  "logFile",
  "hotreload",
  "editor",
  "compileTimeout",
  "onCompileWait",
  "onCompiled",
  "onHint",
];

/** Decides which steps of a start are taken for a use of the composition. */
export interface Mode {
  /** The conventions and the kinds of files that are composed. Default: all that take part. */
  readonly composes?: readonly string[];
  /** Whether a convention takes part, by its name. Default: all do. */
  readonly hasConvention?: (name: string) => boolean;
  /** Whether files of a kind take part. Default: all do. */
  readonly hasFiles?: (entry: HttpFileEntry) => boolean;
  /** False if each text, such as a Markdown page, is needed once, and not kept in memory. */
  readonly keepsTexts?: false;
  /** Whether an app is created, which can then listen. */
  readonly app: boolean;
  /** Whether the test files of the services are found, and compiled with the services. */
  readonly tests?: true;
  /** The hooks of `server.ts` that run. */
  readonly hooks: readonly (keyof ServerConfig)[];
  /** Whether the databases connect. */
  readonly connects: boolean;
  /**
   * The migrations that run after that. `first worker` runs them in worker 0 only, and `no server` only if no server
   * runs in the same process.
   */
  readonly migrates?: {
    readonly direction: "up" | "down";
    readonly by: "first worker" | "no server" | "any";
  };
}

const onlyDatabases: Pick<Mode, "hasConvention" | "hasFiles"> = {
  hasConvention: (name) => name === "db",
  hasFiles: () => false,
};

/** The modes, one for each use of a composition. */
export const modes: Readonly<
  Record<
    | ("serve" | "test" | "connect" | "inflate" | "inflateAssets" | "compile")
    | ("migrateUp" | "migrateDown" | "documents"),
    Mode
  >
> = {
  serve: {
    app: true,
    hooks: ["preload", "load", "start", "unload", "stop"],
    connects: true,
    migrates: { direction: "up", by: "first worker" },
  },
  test: {
    app: true,
    tests: true,
    hooks: ["preload", "load", "unload", "stop"],
    connects: true,
    migrates: { direction: "up", by: "any" },
  },
  inflate: {
    // Files have no clients that connect.
    hasConvention: (name) => name !== "ws",
    keepsTexts: false,
    app: true,
    hooks: ["preload", "load", "unload", "stop"],
    connects: true,
    migrates: { direction: "up", by: "no server" },
  },
  inflateAssets: {
    // Without `auth.ts`, pages for some users would be written for everybody. A request without a token needs no
    // database.
    hasConvention: (name) => name === "auth",
    hasFiles: ({ inflates }) => inflates === "asset",
    app: true,
    hooks: [],
    connects: false,
  },
  // Everything that a start checks before it runs anything.
  compile: { app: true, hooks: [], connects: false },
  connect: { ...onlyDatabases, app: false, hooks: [], connects: true },
  migrateUp: {
    ...onlyDatabases,
    app: false,
    hooks: [],
    connects: true,
    migrates: { direction: "up", by: "any" },
  },
  migrateDown: {
    ...onlyDatabases,
    app: false,
    hooks: [],
    connects: true,
    migrates: { direction: "down", by: "any" },
  },
  documents: { composes: ["doc"], app: false, hooks: [], connects: false },
};
