import { QueryArgumentError } from "../errors.js";
import { checkParameter, type Parameter } from "../values/parameter.js";

/** A named parameter of a prepared query. `db.param` makes it, and each call of the query gives its value. */
export class NamedParam {
  readonly #name: string;

  constructor(name: string) {
    if (typeof name !== "string" || name === "") {
      throw new QueryArgumentError("param() takes the name of a value: a string that is not empty.");
    }
    this.#name = name;
  }

  get name(): string {
    return this.#name;
  }
}

/** A value in a builder: the value itself, or a named parameter whose value is given later. */
export type Value = Parameter | NamedParam;

/** Returns the value if a builder accepts it, otherwise throws. */
export function toValue(value: unknown, place: string): Value {
  return value instanceof NamedParam ? value : checkParameter(value, place);
}
