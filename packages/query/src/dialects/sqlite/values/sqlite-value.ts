import { QueryArgumentError } from "../../../errors.js";
import { type ArrayItem, ArrayValue } from "../../../values/array-value.js";
import type { ColumnType } from "../../../values/column-type.js";
import type { Parameter } from "../../../values/parameter.js";
import { readInstant } from "../../../values/read-instant.js";

/** The values that SQLite itself can store. */
export type SqliteValue = string | number | bigint | Uint8Array | null;

/** The bigints of small numbers. Reading them from an array is faster than creating them. */
const small: readonly bigint[] = Array.from({ length: 1024 }, (_, index) => BigInt(index));

/** Converts a parameter to the form in which SQLite stores it. */
export function toSqliteValue(value: Parameter): SqliteValue {
  switch (typeof value) {
    case "boolean":
      return value ? 1n : 0n;
    case "number":
      // An integer that is sent as a double would become the string "5.0" in a text column.
      if (!Number.isSafeInteger(value)) return value;
      return value >= 0 && value < small.length ? (small[value] as bigint) : BigInt(value);
    case "object":
      if (value instanceof Date) return toSqliteDate(value);
      return value instanceof ArrayValue ? toJSONArray(value.items, toPlain) : value;
    default:
      return value;
  }
}

function toPlain(value: Date | string): string {
  return typeof value === "string" ? value : toSqliteDate(value);
}

/**
 * Writes the format of `CURRENT_TIMESTAMP` of SQLite, with milliseconds only if they are not zero. So SQLite and this
 * package write the same string for the same time, and the strings sort by time.
 */
function toSqliteDate(date: Date): string {
  const iso = date.toISOString();
  const end = date.getUTCMilliseconds() === 0 ? 19 : 23;
  return `${iso.slice(0, 10)} ${iso.slice(11, end)}`;
}

/** Whether the form of a value depends on the type of its column. */
export function dependsOnColumn(value: Parameter): boolean {
  switch (typeof value) {
    case "string":
      return value.charCodeAt(4) === hyphen && value.charCodeAt(7) === hyphen && value.length >= 10;
    case "number":
      return Number.isFinite(value) && !Number.isSafeInteger(value);
    default:
      return value instanceof Date || value instanceof ArrayValue;
  }
}

const hyphen = 45;

/**
 * Converts a value whose form depends on its column, as PostgreSQL does. A column of days stores only the day of a
 * time. A column of times stores a string in the same form as a `Date`, so that both are equal. In a column of text, a
 * number has the digits of JavaScript.
 */
export function toColumnValue(value: Parameter, type: ColumnType | undefined): SqliteValue {
  if (typeof value === "number") return type === "text" ? String(value) : toSqliteValue(value);
  if (type !== "date" && type !== "datetime") return toSqliteValue(value);
  const write = type === "date" ? toDay : toTime;
  if (value instanceof ArrayValue) return toJSONArray(value.items, write);
  return value instanceof Date || typeof value === "string" ? write(value) : toSqliteValue(value);
}

function toDay(value: Date | string): string {
  if (typeof value === "string") return longDay.test(value) ? value.slice(0, 10) : value;
  return value.toISOString().slice(0, 10);
}

const longDay = /^\d{4}-\d\d-\d\d[Tt ]/;

function toTime(value: Date | string): string {
  if (typeof value !== "string") return toSqliteDate(value);
  const date = readInstant(value);
  return date === undefined ? value : toSqliteDate(date);
}

/** Writes a JSON array. SQLite reads its elements as the same values that parameters would have. */
function toJSONArray(items: readonly ArrayItem[], write: (value: Date | string) => string): string {
  const texts = items.map((item) => {
    if (Array.isArray(item)) return toJSONArray(item, write);
    const isWritten = item instanceof Date || typeof item === "string";
    const value = isWritten ? write(item) : toSqliteValue(item as Parameter);
    if (value instanceof Uint8Array) {
      throw new QueryArgumentError(
        "An array with a Buffer cannot be sent to SQLite, because JSON has no bytes.",
      );
    }
    if (typeof value === "number" && !Number.isFinite(value)) return value > 0 ? "9e999" : "-9e999";
    // With an exponent, SQLite does not read a large number as a 64-bit integer.
    if (typeof value === "number") return value.toExponential();
    return typeof value === "bigint" ? String(value) : JSON.stringify(value);
  });
  return `[${texts.join(",")}]`;
}
