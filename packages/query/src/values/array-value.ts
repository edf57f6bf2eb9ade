import type { Parameter } from "./parameter.js";

/** An element of an array: a value, null, or an inner array if the array has several dimensions. */
export type ArrayItem = Parameter | readonly ArrayItem[];

/**
 * An array as one parameter. `db.array` makes it. PostgreSQL gets an array, SQLite a string with a JSON array. It is a
 * class, so that a plain array from a request is refused in place of a value.
 */
export class ArrayValue {
  readonly #items: readonly ArrayItem[];

  /** `items` must already be checked. */
  constructor(items: readonly ArrayItem[]) {
    this.#items = items;
  }

  get items(): readonly ArrayItem[] {
    return this.#items;
  }
}
