import { QueryArgumentError } from "../errors.js";
import { checkParameter, type Parameter } from "../values/parameter.js";

/** A parameter whose value each call of a prepared query gives, made by `db.param`. */
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

/** The entry of a builder for each value: the value itself, or a parameter whose value comes later. */
export type Value = Parameter | NamedParam;

/** Returns the value if a builder can hold it. */
export function toValue(value: unknown, place: string): Value {
  return value instanceof NamedParam ? value : checkParameter(value, place);
}
