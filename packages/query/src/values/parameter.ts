import { QueryArgumentError } from "../errors.js";
import { ArrayValue } from "./array-value.js";
import { describeValue } from "./describe-value.js";

/** A value that every dialect can store and compare. `db.array` makes arrays. */
export type Parameter = string | number | bigint | boolean | Date | Uint8Array | ArrayValue | null;

/** Whether a value is a string or a finite number, which needs no further check. */
export function isPlain(value: unknown): value is string | number {
  return typeof value === "string" || Number.isFinite(value);
}

/**
 * Returns the value if it is a parameter, otherwise throws. Plain objects are refused, so that an object in a request
 * never reaches the database in place of a string. `place` is the value in the message, such as `The value of "title"`.
 */
export function checkParameter(value: unknown, place: string): Parameter {
  switch (typeof value) {
    case "string":
    case "boolean":
      return value;
    case "bigint":
      if (BigInt.asIntN(64, value) === value) return value;
      throw new QueryArgumentError(`${place} is ${value}n, which does not fit in 64 bits; store it as text.`);
    case "number":
      if (!Number.isNaN(value)) return value;
      throw new QueryArgumentError(
        `${place} is NaN, which databases would store as NULL; pass a number or null.`,
      );
    case "object":
      if (value === null || value instanceof Uint8Array || value instanceof ArrayValue) return value;
      if (value instanceof Date) return checkDate(value, place);
  }
  throw new QueryArgumentError(
    `${place} is ${describeValue(value)}; pass a string, number, bigint, boolean, Date, Buffer or null (and ` +
      "JSON.stringify(value) for a json column, db.array(values) for an array of PostgreSQL).",
  );
}

function checkDate(value: Date, place: string): Date {
  const year = value.getUTCFullYear();
  if (year >= 0 && year <= 9999) return value;
  throw new QueryArgumentError(
    `${place} is ${Number.isNaN(year) ? "an invalid Date" : `a Date of the year ${year}`}; ` +
      "databases hold dates of the years 0 to 9999.",
  );
}
