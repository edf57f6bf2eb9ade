import { QueryArgumentError } from "../errors.js";
import { ArrayValue } from "./array-value.js";
import { type ColumnType, elementOf } from "./column-type.js";
import { createArrayValue } from "./create-array-value.js";
import { checkParameter, type Parameter } from "./parameter.js";

const longDay = /^\d{4}-\d\d-\d\d[T ]/;

/**
 * Converts a value for a declared column to a parameter. Only a json column accepts objects. `place` is the value in
 * messages.
 */
export function toStoredValue(value: unknown, type: ColumnType, place: string): Parameter {
  const element = elementOf(type);
  if (element !== undefined) {
    if (value === null || value instanceof ArrayValue) return value;
    return createArrayValue(value, place, (item, where) => toStoredValue(item, element, where));
  }
  if (type === "date") {
    if (value instanceof Date) return (checkParameter(value, place) as Date).toISOString().slice(0, 10);
    // PostgreSQL stores only the day of a longer string, but SQLite would store the whole string.
    if (typeof value === "string" && longDay.test(value)) return value.slice(0, 10);
  }
  if (type === "decimal" && typeof value === "number") return String(checkParameter(value, place));
  if (type !== "json" || value === null) return checkParameter(value, place);
  let text: string | undefined;
  try {
    text = JSON.stringify(value);
  } catch (error) {
    throw new QueryArgumentError(`${place} is not JSON: ${(error as Error).message}.`);
  }
  if (text === undefined)
    throw new QueryArgumentError(`${place} is a ${typeof value}, which JSON cannot represent.`);
  return text;
}
