import { QueryArgumentError } from "../errors.js";
import { checkParameter, type Parameter } from "../values/parameter.js";

/** The place of a value that each call of a prepared query gives, made by `db.param`. */
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

/** What a builder holds for each value: the value itself, or the place of one that comes later. */
export type Value = Parameter | NamedParam;

/** Gives the value back if a builder can hold it. */
export function toValue(value: unknown, place: string): Value {
  return value instanceof NamedParam ? value : checkParameter(value, place);
}
