import { DatabaseConnectionError } from "../../../errors.js";

export type NodeSqlite = typeof import("node:sqlite");

/** Gives Node's own SQLite, or throws an error that names the versions of Node.js that have it. */
export function loadNodeSqlite(): NodeSqlite {
  const module = loadQuietly();
  if (module !== undefined) return module;
  throw new DatabaseConnectionError(
    "QUERY_NOT_AVAILABLE",
    `The dialect "node:sqlite" needs Node.js 22.13 or newer, but this is ${process.version}; run a newer Node.js, or ` +
      'use the dialect "sqlite3".',
  );
}

// Older versions of Node.js warn when the module is first loaded. Loading is synchronous, so no other code can warn
// while the function is replaced, and every other warning passes.
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
