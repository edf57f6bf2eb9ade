import { type OptionIssue, QueryArgumentError } from "../errors.js";
import { describeValue } from "../values/describe-value.js";
import { closestName } from "./closest-name.js";

/** Collects all mistakes in the options of one call, and throws them as one error. */
export class OptionIssues {
  readonly #taker: string;
  readonly #issues: OptionIssue[] = [];

  /**
   * `taker` is the called function, such as `new Database()`. The message begins with it if there are several issues.
   */
  constructor(taker: string) {
    this.#taker = taker;
  }

  add(path: string, message: string): void {
    this.#issues.push({ path, message });
  }

  /**
   * Returns the options by name. If the value is not a plain object, records an issue and returns no options. `what` is
   * the value in messages: `The option pool`.
   */
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
      const hint =
        closest === undefined ? `the options are ${known.join(", ")}.` : `did you mean "${closest}"?`;
      this.add(join(path, key), `${what} has the unknown option "${key}"; ${hint}`);
    }
    return value;
  }

  /**
   * Records an issue if `isRight` is false, unless the value is undefined. Returns false if it recorded an issue.
   * `words` describe the expected value in the message.
   */
  expect(value: unknown, isRight: boolean, path: string, words: string, what: string = path): boolean {
    if (value === undefined || isRight) return true;
    this.add(path, `${what} must be ${words}, but ${describeValue(value)} was given.`);
    return false;
  }

  /** Returns the result of a check. If the check throws, records an issue and returns undefined. */
  try<Result>(path: string, check: () => Result): Result | undefined {
    try {
      return check();
    } catch (error) {
      if (!(error instanceof QueryArgumentError)) throw error;
      this.add(path, error.message);
      return undefined;
    }
  }

  /** Throws one error with all issues, if there are any. */
  throwIfAny(): void {
    const [first] = this.#issues;
    if (first === undefined) return;
    const message =
      this.#issues.length === 1
        ? first.message
        : `${this.#taker} was given ${this.#issues.length} wrong values:\n${this.#issues.map((issue) => `- ${issue.message}`).join("\n")}`;
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
