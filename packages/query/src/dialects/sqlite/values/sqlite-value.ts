import { QueryArgumentError } from "../../../errors.js";
import { type ArrayItem, ArrayValue } from "../../../values/array-value.js";
import type { ColumnType } from "../../../values/column-type.js";
import type { Parameter } from "../../../values/parameter.js";

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
      return value instanceof ArrayValue ? toJSONArray(value.items, toSqliteDate) : value;
    default:
      return value;
  }
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
  if (typeof value === "number") return Number.isFinite(value) && !Number.isSafeInteger(value);
  return value instanceof Date || value instanceof ArrayValue;
}

/**
 * Converts a value whose form depends on its column. In a column of days, only the day of a `Date` is stored, as in
 * PostgreSQL. In a column of text, a number has the digits of JavaScript, as in PostgreSQL.
 */
export function toColumnValue(value: Parameter, type: ColumnType | undefined): SqliteValue {
  if (type === "text" && typeof value === "number") return String(value);
  if (type !== "date") return toSqliteValue(value);
  if (value instanceof Date) return toDay(value);
  return value instanceof ArrayValue ? toJSONArray(value.items, toDay) : toSqliteValue(value);
}

function toDay(date: Date): string {
  return date.toISOString().slice(0, 10);
}

/** Writes a JSON array. SQLite reads its elements as the same values that parameters would have. */
function toJSONArray(items: readonly ArrayItem[], writeDate: (date: Date) => string): string {
  const texts = items.map((item) => {
    if (Array.isArray(item)) return toJSONArray(item, writeDate);
    const value = item instanceof Date ? writeDate(item) : toSqliteValue(item as Parameter);
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
