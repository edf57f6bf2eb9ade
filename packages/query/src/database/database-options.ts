import { checkKeys } from "../builder/check-arguments.js";
import type { Dialect, DriverSettings, PoolOptions } from "../dialect/dialect.js";
import { QueryArgumentError } from "../errors.js";
import { type Logger, silentLogger } from "../logger.js";
import { describeValue } from "../values/describe-value.js";
import type { DatabaseOptions } from "./database.js";

const bigintModes: readonly unknown[] = ["number", "bigint", "string"];

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

/** The longest time that a timer of Node.js can have, about 24 days. */
const longestTimeout = 2 ** 31 - 1;

/** Checks what the caller gave and fills in the defaults. */
export function settleOptions(
  options: DatabaseOptions,
  dialect: Dialect,
): DriverSettings & { readonly name: string; readonly logger: Logger } {
  checkKeys(options, known, "option of a Database");
  const server = (["connectionString", "url"] as const).find((key) => options[key] !== undefined);
  if (server !== undefined && dialect.name !== "pg") {
    // Left alone it would open a file beside the server that was meant.
    throw new QueryArgumentError(
      `${server} is for a server, but "${dialect.name}" has a file; give storage, or the dialect "pg".`,
    );
  }
  const { storage = "./db.sqlite3", lockTimeout = 10_000, statementCache = 100, bigint = "number" } = options;
  if (
    typeof storage !== "string" ||
    storage === "" ||
    storage.includes("\0") ||
    storage.startsWith("file:")
  ) {
    throw new QueryArgumentError(
      `storage is the path of a file or ":memory:", but ${describeValue(storage)} was given.`,
    );
  }
  checkLockTimeout(lockTimeout);
  checkRange("statementCache", statementCache, 100_000);
  if (!bigintModes.includes(bigint)) {
    throw new QueryArgumentError(
      `bigint is "number", "bigint" or "string", but ${describeValue(bigint)} was given.`,
    );
  }
  const connectionString = settleConnectionString(options);
  const pool = settlePool(options.pool);
  const { pooler = false } = options;
  if (typeof pooler !== "boolean") {
    throw new QueryArgumentError(`pooler is true or false, but ${describeValue(pooler)} was given.`);
  }
  const { name = dialect.name === "pg" ? "pg" : storage, logger = silentLogger } = options;
  return { storage, connectionString, pool, pooler, lockTimeout, statementCache, bigint, name, logger };
}

/** A time to wait, in milliseconds. */
export function checkLockTimeout(value: number): number {
  checkRange("lockTimeout", value, longestTimeout);
  return value;
}

function settleConnectionString({ connectionString, url }: DatabaseOptions): string | undefined {
  if (connectionString !== undefined && url !== undefined && connectionString !== url) {
    throw new QueryArgumentError("url and connectionString mean the same; give one of them.");
  }
  const given: unknown = connectionString ?? url;
  if (given === undefined || (typeof given === "string" && given !== "")) return given;
  // It may hold a password, so it is not repeated.
  throw new QueryArgumentError("connectionString is a text such as postgres://user@host:5432/database.");
}

function settlePool(given: unknown): Required<PoolOptions> {
  const options: PoolOptions =
    given === undefined ? {} : checkKeys(given, ["max", "connectTimeout", "idleTimeout"], "option pool");
  const { max = 10, connectTimeout = 10_000, idleTimeout = 10_000 } = options;
  checkRange("pool.max", max, 10_000);
  if (max === 0) throw new QueryArgumentError("pool.max is at least 1.");
  checkRange("pool.connectTimeout", connectTimeout, longestTimeout);
  checkRange("pool.idleTimeout", idleTimeout, longestTimeout);
  return { max, connectTimeout, idleTimeout };
}

function checkRange(option: string, value: number, max: number): void {
  if (Number.isSafeInteger(value) && value >= 0 && value <= max) return;
  throw new QueryArgumentError(
    `${option} is a whole number from 0 to ${max}, but ${describeValue(value)} was given.`,
  );
}
