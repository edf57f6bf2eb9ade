import type { ScalarType } from "./column-type.js";
import type { Parameter } from "./parameter.js";
import { isDay, readInstant } from "./read-instant.js";

/** The values that a type of column accepts. */
interface ColumnValues {
  /** The accepted values in words, for messages. */
  readonly takes: string;
  /** Returns the value as it is stored. Returns undefined if no column of this type can contain it. */
  read(value: Parameter): Parameter | undefined;
}

const whole = /^\s*[+-]?\d+\s*$/;
const decimal = /^\s*[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?\s*$/i;
const unusualDecimal = /^\s*(?:[+-]?inf(?:inity)?|nan)\s*$/i;
const infinite = /^[+-]?infinity$/i;
const yes = /^\s*(?:t|true|y|yes|on|1)\s*$/i;
const no = /^\s*(?:f|false|n|no|off|0)\s*$/i;
const uuid = /^\{?(?:[0-9a-f]{4}-?){7}[0-9a-f]{4}\}?$/i;
const longDay = /^\d{4}-\d\d-\d\d[T ]/i;

const wholeNumber: ColumnValues = {
  takes: "a whole number",
  read: (value) =>
    typeof value === "bigint" || Number.isSafeInteger(value) || matches(whole, value) ? value : undefined,
};

const unchecked: ColumnValues = { takes: "a value", read: (value) => value };

/**
 * The rules are those of PostgreSQL, for all dialects. SQLite would store a value of any type in any column. The column
 * would then return a value of another type, and conditions would not find it.
 */
const types: Readonly<Record<ScalarType, ColumnValues>> = {
  integer: wholeNumber,
  bigint: wholeNumber,
  real: {
    takes: "a number",
    read: (value) =>
      typeof value === "number" || typeof value === "bigint" || matches(decimal, value) ? value : undefined,
  },
  decimal: {
    takes: "a number, or a string with a number",
    read: (value) => {
      if (typeof value === "number" || typeof value === "bigint") return String(value);
      return matches(decimal, value) || matches(unusualDecimal, value) ? value : undefined;
    },
  },
  boolean: {
    takes: "true or false",
    read: (value) => {
      if (typeof value === "boolean") return value;
      const text = String(value);
      return yes.test(text) ? true : no.test(text) ? false : undefined;
    },
  },
  datetime: {
    takes: "a Date, or a string such as 2024-12-31T23:59:59Z",
    read: (value) => {
      // PostgreSQL has infinite timestamps.
      if (value instanceof Date || value === Infinity || value === -Infinity) return value;
      return typeof value === "string" ? (infinite.test(value) ? value : readInstant(value)) : undefined;
    },
  },
  date: {
    takes: "a string such as 2024-12-31, or a Date",
    read: (value) => {
      if (value instanceof Date) return value.toISOString().slice(0, 10);
      if (typeof value !== "string") return undefined;
      // PostgreSQL stores only the day of a longer string, but SQLite would store the whole string.
      const text = longDay.test(value) ? value.slice(0, 10) : value;
      return infinite.test(text) || isDay(text) ? text : undefined;
    },
  },
  uuid: { takes: "a UUID", read: (value) => (matches(uuid, value) ? value : undefined) },
  text: unchecked,
  string: unchecked,
  json: unchecked,
  blob: unchecked,
};

/** Returns the value as a column of this type stores it, or undefined if the column cannot contain it. */
export function readColumnValue(value: Parameter, type: ScalarType): Parameter | undefined {
  return types[type].read(value);
}

/** The values that a type of column accepts, in words. */
export function describeAccepted(type: ScalarType): string {
  return types[type].takes;
}

function matches(pattern: RegExp, value: Parameter): boolean {
  return typeof value === "string" && pattern.test(value);
}
