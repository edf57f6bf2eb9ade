import { QueryArgumentError } from "../errors.js";
import { NamedParam, type Value } from "../sql/named-param.js";
import { RawSQL } from "../sql/raw-sql.js";
import { ArrayValue } from "../values/array-value.js";
import { describeValue } from "../values/describe-value.js";
import { checkParameter, isPlain, type Parameter } from "../values/parameter.js";
import { isSelect, type Operand, toRawOperand, toSelectOperand, toValueOperand } from "./operand.js";

/** The pattern of `like` or `ilike`. */
export function checkPattern(pattern: unknown, method: string): unknown {
  if (typeof pattern === "string" || pattern instanceof RawSQL || pattern instanceof NamedParam)
    return pattern;
  throw new QueryArgumentError(
    `${method}() takes a pattern as a string, but ${describeValue(pattern)} was given.`,
  );
}

/** The right side of a condition on a column: a value, raw SQL, or a SELECT. */
export function toComparedOperand(value: unknown, column: string | RawSQL): Operand {
  if (value instanceof RawSQL) return toRawOperand(value);
  if (isSelect(value)) return toSelectOperand(value);
  return toValueOperand(toComparedValue(value, column));
}

/** A value that a column is compared with; null and undefined throw, because they match nothing. */
export function toComparedValue(value: unknown, column: string | RawSQL): Value {
  if (isPlain(value)) return value;
  switch (typeof value) {
    case "boolean":
      return value;
    case "undefined":
      throw new QueryArgumentError(
        `The condition on ${nameOf(column)} compares with undefined; leave the condition out, or pass a value.`,
      );
    case "object":
      if (value instanceof NamedParam) return value;
      if (value === null) {
        throw new QueryArgumentError(
          `The condition on ${nameOf(column)} compares with null, which matches no row; use isNull() or isNotNull().`,
        );
      }
      if (!(value instanceof Date) && !(value instanceof Uint8Array) && !(value instanceof ArrayValue)) {
        throw new QueryArgumentError(
          `The condition on ${nameOf(column)} compares with ${describeValue(value)}; pass one value, in() for an array of values, or db.array() for an array of PostgreSQL.`,
        );
      }
  }
  return checkParameter(value, `The value that ${nameOf(column)} is compared with`);
}

/**
 * Returns the value if every database can read it from a JSON array. Returns undefined if the value needs its own
 * parameter.
 */
export function toListed(value: unknown, column: string | RawSQL): Parameter | undefined {
  if (value instanceof RawSQL || isSelect(value)) return undefined;
  const checked = toComparedValue(value, column);
  switch (typeof checked) {
    case "string":
      // JSON allows a NUL character, but SQLite would cut the string at this character.
      return checked.includes("\0") ? undefined : checked;
    case "number":
      // Some versions of SQLite read a decimal fraction with a rounding error.
      return Number.isSafeInteger(checked) ? checked : undefined;
    case "object":
      return checked instanceof Date ? checked : undefined;
    default:
      return checked;
  }
}

/** The column, for messages. */
export function nameOf(column: string | RawSQL): string {
  return typeof column === "string" ? `"${column}"` : "the raw expression";
}
