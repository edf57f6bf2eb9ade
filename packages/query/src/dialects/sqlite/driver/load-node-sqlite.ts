import { DatabaseConnectionError } from "../../../errors.js";

export type NodeSqlite = typeof import("node:sqlite");

/** Loads `node:sqlite`. If this Node.js does not have it, throws an error with the required versions. */
export function loadNodeSqlite(): NodeSqlite {
  const module = loadQuietly();
  if (module !== undefined) return module;
  throw new DatabaseConnectionError(
    "QUERY_NOT_AVAILABLE",
    `The dialect "node:sqlite" needs Node.js 22.13 or newer, but this is ${process.version}; run a newer Node.js, or ` +
      'use the dialect "sqlite3".',
  );
}

// Older versions of Node.js print a warning when the module is loaded for the first time. This replaces
// `process.emitWarning` during the load. The load is synchronous, so no warning of other code is lost.
function loadQuietly(): NodeSqlite | undefined {
  const { emitWarning } = process;
  process.emitWarning = ((warning: string | Error, ...rest: unknown[]) => {
    if (rest[0] === "ExperimentalWarning" && String(warning).startsWith("SQLite ")) return;
    Reflect.apply(emitWarning, process, [warning, ...rest]);
  }) as typeof process.emitWarning;
  try {
    return process.getBuiltinModule("node:sqlite");
  } finally {
    process.emitWarning = emitWarning;
  }
}
