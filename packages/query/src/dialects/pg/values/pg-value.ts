import { type ArrayItem, ArrayValue } from "../../../values/array-value.js";
import type { Parameter } from "../../../values/parameter.js";

/** The form in which a parameter is sent to PostgreSQL: a string, or bytes for binary data. */
export type PgValue = string | Uint8Array | null;

/** Converts a parameter to the form in which PostgreSQL reads it. */
export function toPgValue(value: Parameter): PgValue {
  switch (typeof value) {
    case "string":
      return value;
    case "boolean":
      return value ? "true" : "false";
    case "object":
      if (value instanceof Date) return toPgDate(value);
      if (value === null || Buffer.isBuffer(value)) return value;
      if (value instanceof ArrayValue) return toPgArray(value.items);
      return Buffer.from(value.buffer, value.byteOffset, value.byteLength);
    default:
      // `String(-0)` would lose the sign.
      return Object.is(value, -0) ? "-0" : String(value);
  }
}

function toPgDate(date: Date): string {
  // PostgreSQL has no year 0: the year before 1 is 1 BC.
  const iso = date.toISOString();
  return date.getUTCFullYear() === 0 ? `0001${iso.slice(4)} BC` : iso;
}

/** Writes an array as PostgreSQL reads it. Every element is quoted, so that it is never read as NULL or as syntax. */
function toPgArray(items: readonly ArrayItem[]): string {
  let text = "{";
  for (let index = 0; index < items.length; index++) {
    const item = items[index] as ArrayItem;
    if (index > 0) text += ",";
    if (item === null) text += "NULL";
    else if (Array.isArray(item)) text += toPgArray(item);
    else {
      const value = toPgValue(item as Parameter);
      const written =
        typeof value === "string" ? value : `\\x${Buffer.from(value as Uint8Array).toString("hex")}`;
      text += `"${written.replace(/["\\]/g, "\\$&")}"`;
    }
  }
  return `${text}}`;
}
