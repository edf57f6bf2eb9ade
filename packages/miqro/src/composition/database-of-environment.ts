import type { DBConfig } from "../conventions/db.js";

const variables = ["DB", "DB_DIALECT", "DB_STORAGE", "DB_CONNECTION"] as const;

/** The variables of the environment that ask for a database. */
export function databaseVariables(env: NodeJS.ProcessEnv): string[] {
  if (env.DB !== undefined && /^(?:0|false)$/i.test(env.DB)) return [];
  return variables.filter((name) => (env[name] ?? "") !== "");
}

/**
 * The database that the environment asks for. Its name is `db`, and it is a file `db.sqlite3` unless a variable sets
 * another one. `undefined` if no variable asks for a database.
 */
export function databaseOfEnvironment(env: NodeJS.ProcessEnv): DBConfig | undefined {
  if (databaseVariables(env).length === 0) return undefined;
  const { DB_DIALECT: dialect, DB_STORAGE: storage, DB_CONNECTION: connectionString } = env;
  const options = connectionString ? { connectionString } : { storage: storage || "./db.sqlite3" };
  const fallback = connectionString ? "pg" : "node:sqlite";
  return { name: "db", dialect: (dialect || fallback) as NonNullable<DBConfig["dialect"]>, ...options };
}
