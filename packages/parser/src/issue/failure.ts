import type { StandardSchemaIssue } from "../schema/standard-schema.js";
import type { ParseIssueCode } from "./parse-issue.js";
import { describeValue, nearestWord, quoteValue } from "./words.js";

/** A fault as the validators note it: facts only, since words are made when somebody asks for them. */
export interface Fault {
  readonly path: readonly PropertyKey[];
  readonly code: ParseIssueCode;
  readonly expected: string;
  readonly received: string;
  readonly message?: string;
}

/** How many issues are collected at most: a long list of bad items must not cost more than it did to send. */
export const maxIssues = 100;

/** The faults of one run. A validator answers with it instead of a value. */
export class Failure {
  readonly faults: Fault[] = [];
  readonly #limit: number;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Whether the run must stop. */
  get isFull(): boolean {
    return this.faults.length >= this.#limit;
  }

  /** Notes a fault; answers whether the run must stop here. */
  add(path: readonly PropertyKey[], code: ParseIssueCode, expected: string, value: unknown): boolean {
    if (value === undefined && (code === "wrong_type" || code === "wrong_value")) {
      return this.#push({ path, code: "missing", expected, received: "undefined" });
    }
    return this.#push({ path, code, expected, received: describeReceived(code, value) });
  }

  /** Notes a key that the schema does not name. */
  addUnknownKey(path: readonly PropertyKey[], key: string, known: Iterable<string>): boolean {
    const nearest = nearestWord(key, known);
    const expected = nearest === undefined ? "no such key" : `the key ${JSON.stringify(nearest)}`;
    return this.#push({ path: [...path, key], code: "unknown_key", expected, received: quoteValue(key) });
  }

  /** Notes the issues that a schema of another library answered with. */
  addForeign(
    path: readonly PropertyKey[],
    issues: readonly StandardSchemaIssue[],
    expected: string,
    value: unknown,
  ): boolean {
    const received = describeValue(value);
    for (const issue of issues) {
      const rest = issue.path?.map((segment) => (typeof segment === "object" ? segment.key : segment)) ?? [];
      const message = issue.message;
      if (this.#push({ path: [...path, ...rest], code: "foreign", expected, received, message })) {
        return true;
      }
    }
    return false;
  }

  /** Puts a key before the paths of the faults from `start` on: they were noted by a validator of a part. */
  nest(start: number, key: PropertyKey): void {
    for (let index = start; index < this.faults.length; index++) {
      const fault = this.faults[index];
      if (fault !== undefined) this.faults[index] = { ...fault, path: [key, ...fault.path] };
    }
  }

  #push(fault: Fault): boolean {
    this.faults.push(fault);
    return this.isFull;
  }
}

function describeReceived(code: ParseIssueCode, value: unknown): string {
  switch (code) {
    case "too_short":
    case "too_long":
      return String((value as { readonly length: number }).length);
    case "too_small":
    case "too_big":
    case "not_multiple":
    case "wrong_value":
    case "not_unique":
    case "forbidden_key":
      return quoteValue(value);
    default:
      return describeValue(value);
  }
}
