import type { App, TrustProxy } from "@miqro/core";
import type { ServerConfig } from "../conventions/server.js";
import type { HttpFileEntry } from "../http-files/table.js";

/**
 * Adds to an app before its services are mounted.
 * @param folders - those whose files are answered from the disk
 */
export type AppExtension = (app: App, folders: readonly string[]) => void;

/** The options of a composition, as `miqro.json` and the flags name them. */
export interface MiqroOptions {
  /** The service folders, in the order in which a request meets them. */
  services: string | readonly string[];
  /**
   * True runs what `tsc` wrote. False compiles sources when they are loaded, with the esbuild or the TypeScript that
   * the project has installed. Default: true, unless there is TypeScript of which no `tsconfig.json` has outputs
   * written.
   */
  noBuild?: boolean;
  /** True leaves the bundles of client code readable. Default false. */
  noMinify?: boolean;
  /**
   * True sends one bundle for each client entry, which needs esbuild; false sends modules. Default: true where esbuild
   * compiles the sources.
   */
  clientBundle?: boolean;
  /** How many instances of esbuild may compile at once. Default 1. */
  inflateParallel?: string | number;
  /** Default 8080; 0 takes a free one. */
  port?: string | number;
  /** The address to listen on. Default: all. */
  host?: string;
  /** The server's name. Default `server`. */
  name?: string;
  /**
   * When given, a request gets 403 unless its `Host` is one of these, an IP address, `localhost` or a name below it.
   * `--watch` gives an empty array: a page of another site could read the app in development (DNS rebinding).
   * Default: any.
   */
  allowedHosts?: readonly string[];
  /** Which proxies' `X-Forwarded-*` are believed; see `@miqro/core`. Default: none. */
  trustProxy?: TrustProxy;
  /** True sends answers as they are. Default: they are compressed, unless `NODE_ENV` is `development`. */
  noCompression?: boolean;
  /** True serves HTTPS, with `httpsKey` and `httpsCert`, on port 8443 unless told otherwise. Default false. */
  https?: boolean;
  /** The file with the private key, in PEM. */
  httpsKey?: string;
  /** The file with the certificate and its chain, in PEM. */
  httpsCert?: string;
  /** A port on which HTTP requests are led to HTTPS. Default: none. */
  httpsRedirect?: string | number;
  /**
   * The file to which lines of the log are appended; `true` is `./server.log`. Default: none. The command line has
   * `./server.log`.
   */
  logFile?: string | boolean;
  /** Only false: pages reload under `miqro --watch --hot-reload`, since no process can watch itself. */
  hotreload?: boolean;
  /** Only false in this version. */
  editor?: boolean;
  /** How long to wait for files that a compiler has yet to write, in milliseconds. Default 15000. */
  compileTimeout?: number;
  /** Called once if there are such files, with the first file and their count. */
  onCompileWait?(file: string, count: number): void;
  /** Called with the sources that were compiled, and with all files that they import of the project. */
  onCompiled?(files: readonly string[]): void;
  /**
   * Called with what looks as if it were meant to be read, and is not, such as a file `midleware.ts`. Default: it is
   * logged as a warning.
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

/** How far a composition is brought to life. */
export interface Mode {
  /** The conventions that are composed; all of those that take part, and the kinds of files, when absent. */
  readonly composes?: readonly string[];
  /** Whether a convention takes part, by its name; all do when absent. */
  readonly hasConvention?: (name: string) => boolean;
  /** Whether files of a kind take part; all do when absent. */
  readonly hasFiles?: (entry: HttpFileEntry) => boolean;
  /** False where each text, such as a Markdown page, is needed once, and not kept in memory. */
  readonly keepsTexts?: false;
  /** Whether an app is put together, which can listen then. */
  readonly app: boolean;
  /** Whether the tests of the services are found, and compiled with them. */
  readonly tests?: true;
  /** The hooks of `server.ts` that run. */
  readonly hooks: readonly (keyof ServerConfig)[];
  /** Whether the databases connect. */
  readonly connects: boolean;
  /**
   * Which migrations run then; `first worker` leaves them to that one, and `no server` to a server that runs in the
   * same process.
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

/** The parts that each use of a composition creates anew. */
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
    // Files have nobody to connect to.
    hasConvention: (name) => name !== "ws",
    keepsTexts: false,
    app: true,
    hooks: ["preload", "load", "unload", "stop"],
    connects: true,
    migrates: { direction: "up", by: "no server" },
  },
  inflateAssets: {
    // Without it, files for some would be written for all. It asks no database about a request without a token.
    hasConvention: (name) => name === "auth",
    hasFiles: ({ inflates }) => inflates === "asset",
    app: true,
    hooks: [],
    connects: false,
  },
  // All that a start checks before anything runs.
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
