import type { ColumnType } from "../../../values/column-type.js";
import { describeValue } from "../../../values/describe-value.js";
import {
  type BigintMode,
  type ResultColumn,
  UnreadableValue,
  type ValueConverter,
} from "../../../values/row-mapper.js";

/**
 * Returns the column type of this package for a declared type of SQLite. Returns undefined if the values need no
 * conversion.
 */
export function toColumnType(declared: string | null): ColumnType | undefined {
  if (declared === null) return undefined;
  const name = declared.toUpperCase();
  if (name.startsWith("BOOL")) return "boolean";
  if (name.startsWith("DATETIME") || name.startsWith("TIMESTAMP")) return "datetime";
  if (/^DATE\b/.test(name)) return "date";
  if (name.startsWith("JSON")) return "json";
  if (name.startsWith("BIGINT") || name.startsWith("INT8")) return "bigint";
  if (name.startsWith("BLOB")) return "blob";
  return undefined;
}

/**
 * Returns the function that converts the values of a column. `wide` is true if the driver returns every integer as a
 * bigint. Integers of other columns are then converted to numbers.
 */
export function chooseConverter(
  column: ResultColumn,
  mode: BigintMode,
  wide: boolean,
): ValueConverter | undefined {
  const converter = converterOf(column, mode);
  if (!wide || column.type === "bigint") return converter;
  return (value) => {
    const narrow = typeof value === "bigint" ? toSafeNumber(value, column.name) : value;
    return converter === undefined ? narrow : converter(narrow);
  };
}

function converterOf(column: ResultColumn, mode: BigintMode): ValueConverter | undefined {
  switch (column.type) {
    case "boolean":
      return toBoolean;
    case "datetime":
      return (value) => toDate(value, column.name);
    case "date":
      return toDay;
    case "json":
      return (value) => toJSON(value, column.name);
    case "blob":
      return toBuffer;
    case "bigint":
      return mode === "string" ? toDigits : undefined;
    default:
      return undefined;
  }
}

function toBoolean(value: unknown): unknown {
  return typeof value === "number" ? value !== 0 : value;
}

const longDay = /^\d{4}-\d\d-\d\d[T ]/;

/** Returns the day, even if another program stored a day with a time. */
function toDay(value: unknown): unknown {
  return typeof value === "string" && longDay.test(value) ? value.slice(0, 10) : value;
}

function toBuffer(value: unknown): unknown {
  return value instanceof Uint8Array ? Buffer.from(value.buffer, value.byteOffset, value.byteLength) : value;
}

function toDigits(value: unknown): unknown {
  return typeof value === "bigint" ? String(value) : value;
}

function toSafeNumber(value: bigint, column: string): number {
  const number = Number(value);
  if (Number.isSafeInteger(number)) return number;
  throw new UnreadableValue(
    `The column "${column}" holds ${value}, which a number of JavaScript cannot hold exactly; declare the column as bigint.`,
  );
}

const zone = /(?:[Zz]|[+-]\d\d:\d\d)$/;

function toDate(value: unknown, column: string): unknown {
  if (value === null) return value;
  let date: Date | undefined;
  if (typeof value === "number") date = new Date(value);
  else if (typeof value === "string") {
    // SQLite writes UTC without a time zone. JavaScript would read such a string as local time.
    const iso = value.replace(" ", "T");
    date = new Date(zone.test(iso) || iso.length === 10 ? iso : `${iso}Z`);
  }
  if (date !== undefined && !Number.isNaN(date.getTime())) return date;
  throw new UnreadableValue(
    `The column "${column}" is declared as datetime but holds ${describeValue(value)}, which is not a date.`,
  );
}

function toJSON(value: unknown, column: string): unknown {
  if (typeof value !== "string") return value;
  try {
    return JSON.parse(value);
  } catch {
    throw new UnreadableValue(
      `The column "${column}" is declared as json but holds text that is not JSON; store JSON.stringify(value).`,
    );
  }
}
