import type { ServerConfig } from "../conventions/server.js";

/** How far a composition is brought to life. */
export interface Mode {
  /** The conventions that are composed; all of them, and the kinds of files, when absent. */
  readonly composes?: readonly string[];
  /** Whether an app is put together, which can listen then. */
  readonly app: boolean;
  /** The hooks of `server.ts` that run. */
  readonly hooks: readonly (keyof ServerConfig)[];
  /** Whether the databases connect. */
  readonly connects: boolean;
  /** Which migrations run then; `first worker` leaves them to that one. */
  readonly migrates?: { readonly direction: "up" | "down"; readonly by: "first worker" | "any" };
}

/** What each use of a composition brings to life. */
export const modes: Readonly<Record<"serve" | "migrateUp" | "migrateDown" | "documents", Mode>> = {
  serve: {
    app: true,
    hooks: ["preload", "load", "start", "unload", "stop"],
    connects: true,
    migrates: { direction: "up", by: "first worker" },
  },
  migrateUp: {
    composes: ["db"],
    app: false,
    hooks: [],
    connects: true,
    migrates: { direction: "up", by: "any" },
  },
  migrateDown: {
    composes: ["db"],
    app: false,
    hooks: [],
    connects: true,
    migrates: { direction: "down", by: "any" },
  },
  documents: { composes: ["doc"], app: false, hooks: [], connects: false },
};
