import type { DriverSettings } from "../dialect/dialect.js";
import { QueryArgumentError } from "../errors.js";
import { type Logger, silentLogger } from "../logger.js";
import { describeValue } from "../values/describe-value.js";
import type { DatabaseOptions } from "./database.js";

const bigintModes: readonly unknown[] = ["number", "bigint", "string"];

/** The longest time that a timer of Node.js can have, about 24 days. */
const longestTimeout = 2 ** 31 - 1;

/** Checks what the caller gave and fills in the defaults. */
export function settleOptions(
  options: DatabaseOptions,
): DriverSettings & { readonly name: string; readonly logger: Logger } {
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
  const { name = storage, logger = silentLogger } = options;
  return { storage, lockTimeout, statementCache, bigint, name, logger };
}

/** A time to wait, in milliseconds. */
export function checkLockTimeout(value: number): number {
  checkRange("lockTimeout", value, longestTimeout);
  return value;
}

function checkRange(option: string, value: number, max: number): void {
  if (Number.isSafeInteger(value) && value >= 0 && value <= max) return;
  throw new QueryArgumentError(
    `${option} is a whole number from 0 to ${max}, but ${describeValue(value)} was given.`,
  );
}
