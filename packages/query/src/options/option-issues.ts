import { type OptionIssue, QueryArgumentError } from "../errors.js";
import { describeValue } from "../values/describe-value.js";
import { closestName } from "./closest-name.js";

/** Collects everything that is wrong with the options of one call, so that the caller gets all of it in one error. */
export class OptionIssues {
  readonly #taker: string;
  readonly #issues: OptionIssue[] = [];

  /** `taker` begins the sentence when there are several issues: `new Database()`. */
  constructor(taker: string) {
    this.#taker = taker;
  }

  add(path: string, message: string): void {
    this.#issues.push({ path, message });
  }

  /** The options by name, or none if the value is no plain object. `what` names the value: `The option pool`. */
  read(
    value: unknown,
    path: string,
    what: string,
    known: readonly string[],
  ): Readonly<Record<string, unknown>> {
    if (!isPlainObject(value)) {
      this.add(path, `${what} takes a plain object, but ${describeValue(value)} was given.`);
      return {};
    }
    for (const key of Object.keys(value)) {
      if (known.includes(key)) continue;
      const closest = closestName(key, known);
      const hint = closest === undefined ? `known are ${known.join(", ")}.` : `did you mean "${closest}"?`;
      this.add(join(path, key), `${what} has the unknown option "${key}"; ${hint}`);
    }
    return value;
  }

  /**
   * Records an issue if the value is not what `words` say, and returns whether it is valid. Undefined counts as absent.
   */
  expect(value: unknown, isRight: boolean, path: string, words: string, what: string = path): boolean {
    if (value === undefined || isRight) return true;
    this.add(path, `${what} is ${words}, but ${describeValue(value)} was given.`);
    return false;
  }

  /** The result of a check that may throw, or undefined if it throws. */
  try<Result>(path: string, check: () => Result): Result | undefined {
    try {
      return check();
    } catch (error) {
      if (!(error instanceof QueryArgumentError)) throw error;
      this.add(path, error.message);
      return undefined;
    }
  }

  /** Throws one error for all issues. */
  throwIfAny(): void {
    const [first] = this.#issues;
    if (first === undefined) return;
    const message =
      this.#issues.length === 1
        ? first.message
        : `${this.#taker} was given ${this.#issues.length} things that cannot be:\n${this.#issues.map((issue) => `- ${issue.message}`).join("\n")}`;
    throw new QueryArgumentError(message, "QUERY_INVALID_ARGUMENT", this.#issues);
  }
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null) return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}

function join(path: string, key: string): string {
  return path === "" ? key : `${path}.${key}`;
}
