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
  /^(\d{4})-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])[Tt](?:[01]\d|2[0-3]):[0-5]\d:(?:[0-5]\d|60)(?:\.\d+)?(?:[Zz]|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/;

/** Converts a day such as `2024-05-31` to the `Date` of its midnight in UTC. */
export function coerceDay(value: unknown): unknown {
  return typeof value === "string" && isCalendarDay(value, dayPattern) ? new Date(value) : value;
}

/** Converts an instant such as `2024-05-31T12:00:00Z` (RFC 3339, with its zone) to a `Date`. */
export function coerceInstant(value: unknown): unknown {
  if (typeof value !== "string" || !isCalendarDay(value, instantPattern)) return value;
  // RFC 3339 also allows the letters in lower case, and leap seconds, which `new Date` does not read.
  const text = value.toUpperCase();
  if (!text.startsWith(":60", 16)) return new Date(text);
  const date = new Date(new Date(text.replace(":60", ":59")).getTime() + 1000);
  // A leap second is always the last second of a day in UTC. Clocks of computers count it as the next second.
  return date.getUTCHours() === 0 && date.getUTCMinutes() === 0 ? date : value;
}

function isCalendarDay(text: string, pattern: RegExp): boolean {
  const match = pattern.exec(text);
  if (match === null) return false;
  const [, year, month, day] = match.map(Number);
  // `new Date` would read June 31 as July 1.
  return Number(day) <= daysOf(Number(year), Number(month));
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
