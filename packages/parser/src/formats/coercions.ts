// These functions convert strings for the option `coerce`. A value that cannot be converted is returned unchanged.

/** The pattern takes linear time, because each part can match in only one way. */
const numberPattern = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/;

/** Converts a decimal string to a number. */
export function coerceNumber(value: unknown): unknown {
  return typeof value === "string" && numberPattern.test(value) ? Number(value) : value;
}

/** The conversion of a long string takes more than linear time. */
const bigintPattern = /^-?\d{1,1000}$/;

/** Converts a decimal string of at most 1,000 digits to a bigint. */
export function coerceBigint(value: unknown): unknown {
  return typeof value === "string" && bigintPattern.test(value) ? BigInt(value) : value;
}

/** Converts `"true"` and `"false"` to a boolean. */
export function coerceBoolean(value: unknown): unknown {
  return value === "true" ? true : value === "false" ? false : value;
}

const dayPattern = /^(\d{4})-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/;
const instantPattern =
  /^(\d{4})-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d+)?(?:Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/;

/** Converts a day such as `2024-05-31` to the `Date` of its midnight in UTC. */
export function coerceDay(value: unknown): unknown {
  return readDate(value, dayPattern);
}

/** Converts an instant such as `2024-05-31T12:00:00Z` (RFC 3339, with its zone) to a `Date`. */
export function coerceInstant(value: unknown): unknown {
  return readDate(value, instantPattern);
}

function readDate(value: unknown, pattern: RegExp): unknown {
  if (typeof value !== "string") return value;
  const match = pattern.exec(value);
  if (match === null) return value;
  const [, year, month, day] = match.map(Number);
  // `new Date` would read June 31 as July 1.
  return Number(day) <= daysOf(Number(year), Number(month)) ? new Date(value) : value;
}

function daysOf(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}

/** Whether a value is a valid `Date`. */
export function isDate(value: unknown): value is Date {
  if (!(value instanceof Date)) return false;
  try {
    return Number.isFinite(Date.prototype.getTime.call(value));
  } catch {
    // The object has the prototype of `Date`, but is not a `Date`.
    return false;
  }
}
