import { QueryArgumentError } from "../errors.js";
import { ArrayValue } from "./array-value.js";
import { type ColumnType, elementOf, type ScalarType } from "./column-type.js";
import { createArrayValue } from "./create-array-value.js";
import { describeValue } from "./describe-value.js";
import { checkParameter, type Parameter } from "./parameter.js";
import { describeAccepted, readColumnValue } from "./read-column-value.js";

/**
 * Converts a value for a declared column to a parameter. Throws if a column of this type cannot contain the value. Only
 * a json column accepts objects. `place` is the value in messages.
 */
export function toStoredValue(value: unknown, type: ColumnType, place: string): Parameter {
  if (value === null) return value;
  const element = elementOf(type);
  if (element !== undefined) {
    if (value instanceof ArrayValue) return value;
    return createArrayValue(value, place, (item, where) => toStoredValue(item, element, where));
  }
  if (type === "json") return toJSON(value, place);
  const stored = readColumnValue(checkParameter(value, place), type as ScalarType);
  if (stored !== undefined) return checkParameter(stored, place);
  throw new QueryArgumentError(
    `${place} is ${describeValue(value)}, but a column of the type "${type}" takes ${describeAccepted(type as ScalarType)}.`,
  );
}

function toJSON(value: unknown, place: string): string {
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
