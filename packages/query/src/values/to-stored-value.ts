import { QueryArgumentError } from "../errors.js";
import type { ColumnType } from "./column-type.js";
import { checkParameter, type Parameter } from "./parameter.js";

/**
 * The parameter that stands for a value of a declared column, in every dialect.
 * Only a column that is declared as json takes objects; `place` names the value in an error.
 */
export function toStoredValue(value: unknown, type: ColumnType, place: string): Parameter {
  if (type === "date" && value instanceof Date) {
    return (checkParameter(value, place) as Date).toISOString().slice(0, 10);
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
