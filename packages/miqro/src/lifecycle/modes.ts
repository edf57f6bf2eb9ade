import type { ServerConfig } from "../conventions/server.js";
import type { HttpFileEntry } from "../http-files/table.js";

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

/** What each use of a composition brings to life. */
export const modes: Readonly<
  Record<"serve" | "inflate" | "inflateAssets" | "migrateUp" | "migrateDown" | "documents", Mode>
> = {
  serve: {
    app: true,
    hooks: ["preload", "load", "start", "unload", "stop"],
    connects: true,
    migrates: { direction: "up", by: "first worker" },
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
