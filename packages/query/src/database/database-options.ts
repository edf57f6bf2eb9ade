import type { Dialect, DriverSettings, PoolOptions } from "../dialects/dialect.js";
import { dialects } from "../dialects/find-dialect.js";
import { type Logger, silentLogger } from "../logger.js";
import { OptionIssues } from "../options/option-issues.js";
import type { BigintMode } from "../values/row-mapper.js";
import type { DatabaseOptions } from "./database.js";

const known = [
  "dialect",
  "storage",
  "connectionString",
  "url",
  "pool",
  "pooler",
  "name",
  "logger",
  "lockTimeout",
  "statementCache",
  "bigint",
] as const satisfies (keyof DatabaseOptions)[];

const bigintModes: readonly unknown[] = ["number", "bigint", "string"];
const logLevels = ["error", "warn", "info", "debug", "trace"] as const;

/** The maximum delay of a timer of Node.js, about 24 days. */
const longestTimeout = 2 ** 31 - 1;

/** The checked options of a database. */
export interface DatabaseSettings extends DriverSettings {
  readonly dialect: Dialect;
  readonly name: string;
  readonly logger: Logger;
}

/** Checks all options and fills in the defaults. Throws one error with all mistakes. */
export function settleOptions(given: DatabaseOptions): DatabaseSettings {
  const issues = new OptionIssues("new Database()");
  const options = issues.read(given, "", "A Database", known) as DatabaseOptions;
  const dialect = settleDialect(options.dialect ?? "node:sqlite", issues);
  const { storage = "./db.sqlite3", lockTimeout = 10_000, statementCache = 100, bigint = "number" } = options;
  issues.expect(storage, isStorage(storage), "storage", 'the path of a file or ":memory:"');
  checkRange(lockTimeout, "lockTimeout", longestTimeout, issues);
  checkRange(statementCache, "statementCache", 100_000, issues);
  issues.expect(bigint, bigintModes.includes(bigint), "bigint", '"number", "bigint" or "string"');
  const { pooler = false, logger = silentLogger } = options;
  issues.expect(pooler, typeof pooler === "boolean", "pooler", "true or false");
  const isLogger =
    typeof logger === "object" &&
    logger !== null &&
    logLevels.every((level) => typeof logger[level] === "function");
  issues.expect(logger, isLogger, "logger", `an object with the methods ${logLevels.join(", ")}`);
  const connectionString = settleConnectionString(options, dialect, issues);
  const pool = settlePool(options.pool, issues);
  const name = options.name ?? (dialect?.isServer === true ? dialect.name : storage);
  // The storage, which was checked above, replaces a missing name.
  const isNamed = options.name === undefined || (typeof options.name === "string" && options.name !== "");
  issues.expect(options.name, isNamed, "name", "a string that is not empty");
  issues.throwIfAny();
  return {
    dialect: dialect as Dialect,
    storage,
    connectionString,
    pool,
    pooler,
    lockTimeout,
    statementCache,
    bigint: bigint as BigintMode,
    name,
    logger,
  };
}

/** Checks a duration in milliseconds. */
export function checkLockTimeout(value: unknown, issues: OptionIssues): void {
  checkRange(value, "lockTimeout", longestTimeout, issues);
}

function settleDialect(name: unknown, issues: OptionIssues): Dialect | undefined {
  const dialect = dialects.find((each) => each.name === name);
  const names = dialects.map((each) => `"${each.name}"`).join(", ");
  issues.expect(name, dialect !== undefined, "dialect", `one of ${names}`, "The dialect of a Database");
  return dialect;
}

function isStorage(storage: unknown): boolean {
  return (
    typeof storage === "string" && storage !== "" && !storage.includes("\0") && !storage.startsWith("file:")
  );
}

function settleConnectionString(
  { connectionString, url }: DatabaseOptions,
  dialect: Dialect | undefined,
  issues: OptionIssues,
): string | undefined {
  for (const [key, value] of Object.entries({ connectionString, url })) {
    if (value === undefined) continue;
    if (dialect?.isServer === false) {
      // If this option were ignored, the database would open a file instead of connecting to the server.
      issues.add(
        key,
        `${key} is for a server, but "${dialect.name}" has a file; give storage, or the dialect "pg".`,
      );
    } else if (typeof value !== "string" || value === "") {
      // The string may hold a password, so the message does not repeat it.
      issues.add(key, `${key} must be a string such as postgres://user@host:5432/database.`);
    }
  }
  if (
    dialect?.isServer !== false &&
    connectionString !== undefined &&
    url !== undefined &&
    connectionString !== url
  ) {
    issues.add(
      "url",
      "url and connectionString are the same option with different values; give one of them.",
    );
  }
  return connectionString ?? url;
}

function settlePool(given: unknown, issues: OptionIssues): Required<PoolOptions> {
  const keys = ["max", "connectTimeout", "idleTimeout"];
  const options: PoolOptions = given === undefined ? {} : issues.read(given, "pool", "The option pool", keys);
  const { max = 10, connectTimeout = 10_000, idleTimeout = 10_000 } = options;
  checkRange(max, "pool.max", 10_000, issues, 1);
  checkRange(connectTimeout, "pool.connectTimeout", longestTimeout, issues);
  checkRange(idleTimeout, "pool.idleTimeout", longestTimeout, issues);
  return { max, connectTimeout, idleTimeout };
}

function checkRange(value: unknown, path: string, max: number, issues: OptionIssues, min = 0): void {
  const isRight = Number.isSafeInteger(value) && (value as number) >= min && (value as number) <= max;
  issues.expect(value, isRight, path, `a whole number from ${min} to ${max}`);
}
