// The values that strings become with the option `coerce`. Each function returns the value unchanged if the text does not
// stand for the type.

/** Every part of the pattern can match in one way only, so that it is linear. */
const numberPattern = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/;

/** The number that a string writes in decimal. */
export function coerceNumber(value: unknown): unknown {
  return typeof value === "string" && numberPattern.test(value) ? Number(value) : value;
}

/** Reading longer text would take more than linear time. */
const bigintPattern = /^-?\d{1,1000}$/;

/** The bigint that a string of at most 1,000 digits writes in decimal. */
export function coerceBigint(value: unknown): unknown {
  return typeof value === "string" && bigintPattern.test(value) ? BigInt(value) : value;
}

/** The boolean that a string names. */
export function coerceBoolean(value: unknown): unknown {
  return value === "true" ? true : value === "false" ? false : value;
}

const dayPattern = /^(\d{4})-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/;
const instantPattern =
  /^(\d{4})-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d+)?(?:Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/;

/** The `Date` of a day such as 2024-05-31: its midnight in UTC. */
export function coerceDay(value: unknown): unknown {
  return readDate(value, dayPattern);
}

/** The `Date` of an instant such as 2024-05-31T12:00:00Z (RFC 3339, with its zone). */
export function coerceInstant(value: unknown): unknown {
  return readDate(value, instantPattern);
}

function readDate(value: unknown, pattern: RegExp): unknown {
  if (typeof value !== "string") return value;
  const match = pattern.exec(value);
  if (match === null) return value;
  const [, year, month, day] = match.map(Number);
  // Date would take the 31st of a shorter month for a day of the next month.
  return Number(day) <= daysOf(Number(year), Number(month)) ? new Date(value) : value;
}

function daysOf(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}

/** Whether a value is a `Date`, and not an invalid one. */
export function isDate(value: unknown): value is Date {
  if (!(value instanceof Date)) return false;
  try {
    return Number.isFinite(Date.prototype.getTime.call(value));
  } catch {
    // An object that only has the prototype of a `Date`.
    return false;
  }
}
