import { QueryArgumentError } from "../errors.js";
import { describeValue } from "../values/describe-value.js";

/** Checks the name of a table. It may contain the name of the schema. */
export function checkTable(name: unknown, method: string): string {
  if (typeof name === "string" && name !== "") return name;
  throw new QueryArgumentError(
    `${method}() takes the name of a table, but ${describeValue(name)} was given.`,
  );
}

/** Checks the name of an object that is neither a table nor a column, such as an index. */
export function checkName(name: unknown, what: string): string {
  if (typeof name === "string" && name !== "") return name;
  throw new QueryArgumentError(
    `${what} must be a string that is not empty, but ${describeValue(name)} was given.`,
  );
}

/** Checks the name of a new column. It must not contain a dot, because `table.column` has one. */
export function checkNewColumn(name: unknown, what: string): string {
  const checked = checkName(name, what);
  if (!checked.includes(".")) return checked;
  throw new QueryArgumentError(
    `${what} cannot be named ${describeValue(checked)}, because a dot separates a table and its column; remove the dot.`,
  );
}

export function checkOneOf<Choice extends string>(
  value: unknown,
  choices: readonly Choice[],
  what: string,
): Choice {
  if (choices.includes(value as Choice)) return value as Choice;
  throw new QueryArgumentError(
    `${what} must be one of ${choices.join(", ")}, but ${describeValue(value)} was given.`,
  );
}

/** Checks a LIMIT or an OFFSET. */
export function checkCount(value: unknown, method: string): number {
  if (Number.isSafeInteger(value) && (value as number) >= 0) return value as number;
  throw new QueryArgumentError(
    `${method}() takes a whole number from 0 on, but ${describeValue(value)} was given; convert and check user input first.`,
  );
}

/** Checks that a row is a plain object. A string or an array is refused. */
export function checkRow(row: unknown, taker: string): Record<string, unknown> {
  if (typeof row === "object" && row !== null) {
    const prototype = Object.getPrototypeOf(row);
    if (prototype === null || prototype === Object.prototype) return row as Record<string, unknown>;
  }
  throw new QueryArgumentError(`${taker} takes a plain object, but ${describeValue(row)} was given.`);
}
