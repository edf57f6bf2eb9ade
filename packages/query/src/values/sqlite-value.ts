import type { Parameter } from "./parameter.js";

/** What SQLite itself can hold. */
export type SqliteValue = string | number | bigint | Uint8Array | null;

/** The numbers that come most often: making a bigint takes longer than finding one. */
const small: readonly bigint[] = Array.from({ length: 1024 }, (_, index) => BigInt(index));

/** A parameter in the form in which SQLite stores it. */
export function toSqliteValue(value: Parameter): SqliteValue {
  switch (typeof value) {
    case "boolean":
      return value ? 1n : 0n;
    case "number":
      // A whole number sent as a double would become the text "5.0" in a text column.
      return Number.isSafeInteger(value) ? (small[value] ?? BigInt(value)) : value;
    case "object":
      return value instanceof Date ? toSqliteDate(value) : value;
    default:
      return value;
  }
}

/** The form of SQLite's own `CURRENT_TIMESTAMP` with milliseconds, so that both sort and compare as one. */
function toSqliteDate(date: Date): string {
  const iso = date.toISOString();
  return `${iso.slice(0, 10)} ${iso.slice(11, 23)}`;
}
