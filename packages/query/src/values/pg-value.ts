import type { Parameter } from "./parameter.js";

/** What the driver for PostgreSQL sends: text for everything that is not binary. */
export type PgValue = string | Uint8Array | null;

/** A parameter in the form in which PostgreSQL reads it. */
export function toPgValue(value: Parameter): PgValue {
  switch (typeof value) {
    case "string":
      return value;
    case "boolean":
      return value ? "true" : "false";
    case "object":
      if (value instanceof Date) return toPgDate(value);
      if (value === null || Buffer.isBuffer(value)) return value;
      return Buffer.from(value.buffer, value.byteOffset, value.byteLength);
    default:
      // -0 would lose its sign.
      return Object.is(value, -0) ? "-0" : String(value);
  }
}

function toPgDate(date: Date): string {
  // PostgreSQL has no year 0: the year before 1 is 1 BC.
  const iso = date.toISOString();
  return date.getUTCFullYear() === 0 ? `0001${iso.slice(4)} BC` : iso;
}
