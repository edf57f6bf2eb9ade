import { QueryArgumentError } from "../errors.js";
import { ArrayValue } from "./array-value.js";
import { type ColumnType, elementOf } from "./column-type.js";
import { createArrayValue } from "./create-array-value.js";
import { checkParameter, type Parameter } from "./parameter.js";

const longDay = /^\d{4}-\d\d-\d\d[T ]/;

/**
 * The parameter for a value of a declared column, in every dialect. Only a column that is declared as json takes
 * objects. `place` names the value in an error.
 */
export function toStoredValue(value: unknown, type: ColumnType, place: string): Parameter {
  const element = elementOf(type);
  if (element !== undefined) {
    if (value === null || value instanceof ArrayValue) return value;
    return createArrayValue(value, place, (item, where) => toStoredValue(item, element, where));
  }
  if (type === "date") {
    if (value instanceof Date) return (checkParameter(value, place) as Date).toISOString().slice(0, 10);
    // PostgreSQL takes the day from a longer text; a SQLite file would keep all of the text.
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
    throw new QueryArgumentError(`${place} is a ${typeof value}, which JSON does not have.`);
  return text;
}
