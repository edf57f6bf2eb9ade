import type { Parameter } from "./parameter.js";

/** An element of an array: a value, null, or an array in an array of several dimensions. */
export type ArrayItem = Parameter | readonly ArrayItem[];

/**
 * An array as one parameter, made by `db.array`: PostgreSQL gets an array, SQLite the text of a JSON array.
 * A class of its own, so that an array that a request sends in place of a value is none.
 */
export class ArrayValue {
  readonly #items: readonly ArrayItem[];

  /** The elements are checked already. */
  constructor(items: readonly ArrayItem[]) {
    this.#items = items;
  }

  get items(): readonly ArrayItem[] {
    return this.#items;
  }
}
