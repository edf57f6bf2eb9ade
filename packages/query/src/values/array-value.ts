import type { Parameter } from "./parameter.js";

/** An element of an array: a value, null, or an inner array of an array with several dimensions. */
export type ArrayItem = Parameter | readonly ArrayItem[];

/**
 * An array as one parameter, made by `db.array`. PostgreSQL gets an array, SQLite the text of a JSON array. It is a
 * class, so that an array that a request sends in place of a value is refused.
 */
export class ArrayValue {
  readonly #items: readonly ArrayItem[];

  /** The elements have already been checked. */
  constructor(items: readonly ArrayItem[]) {
    this.#items = items;
  }

  get items(): readonly ArrayItem[] {
    return this.#items;
  }
}
