import { QueryArgumentError } from "../errors.js";
import { type ArrayItem, ArrayValue } from "./array-value.js";
import { describeValue } from "./describe-value.js";
import { checkParameter, type Parameter } from "./parameter.js";

/** Checks the elements of an array. `toItem` may convert each element. */
export function createArrayValue(
  items: unknown,
  place: string,
  toItem: (value: unknown, place: string) => Parameter = checkParameter,
): ArrayValue {
  if (!Array.isArray(items)) {
    throw new QueryArgumentError(`${place} must be an array, but ${describeValue(items)} was given.`);
  }
  return new ArrayValue(toItems(items, place, toItem));
}

function toItems(
  items: readonly unknown[],
  place: string,
  toItem: (value: unknown, place: string) => Parameter,
): readonly ArrayItem[] {
  // Uses `Array.from`, because `map` would skip the holes of an array.
  return Array.from(items, (item, index) => {
    const where = `${place}, element ${index}`;
    return Array.isArray(item) ? toItems(item, where, toItem) : toItem(item, where);
  });
}
