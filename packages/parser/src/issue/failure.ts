import type { StandardSchemaIssue } from "../schema/standard-schema.js";
import { type Fault, foreign, unknownKey } from "./fault.js";
import type { ParseIssue, ParseIssueCode } from "./parse-issue.js";
import { Place, rootPlace } from "./place.js";
import { createIssue, type Site } from "./site.js";

/**
 * The maximum number of collected issues. With this limit, a client cannot make the server do much work with a long
 * array of wrong items.
 */
export const maxIssues = 100;

/** Collects the issues of one value. */
export class Failure {
  readonly issues: ParseIssue[] = [];
  readonly #name: string;
  readonly #limit: number;
  readonly #places: Place[] | undefined;

  /**
   * @param name the name of the value, or empty
   * @param limit the number of issues after which parsing must stop
   * @param keepsPlaces whether the paths of the issues are needed later
   */
  constructor(name: string, limit: number, keepsPlaces: boolean) {
    this.#name = name;
    this.#limit = limit;
    this.#places = keepsPlaces ? [] : undefined;
  }

  /** Whether the limit of issues is reached and parsing must stop. */
  get isFull(): boolean {
    return this.issues.length >= this.#limit;
  }

  /** Records an issue. Returns true if parsing must stop. */
  add(place: Place, fault: Fault, value: unknown): boolean {
    return this.#push(createIssue(fault, place, this.#name, value), place);
  }

  /** Works like `add`, for an issue whose path is known at compile time. */
  addAt(site: Site, value: unknown): boolean {
    return this.#push(site.issue(this.#name, value), site.place);
  }

  /** Records an issue for a key that is not in the schema. */
  addUnknownKey(place: Place, key: string, known: Iterable<string>): boolean {
    return this.add(new Place(place, key), unknownKey(key, known), key);
  }

  /** Records the issues that a schema of another library returned. */
  addForeign(
    place: Place,
    issues: readonly StandardSchemaIssue[],
    expected: string,
    value: unknown,
  ): boolean {
    for (const issue of issues) {
      let at = place;
      for (const segment of issue.path ?? []) {
        at = new Place(at, typeof segment === "object" ? segment.key : segment);
      }
      if (this.add(at, foreign(expected, issue.message), value)) return true;
    }
    return this.isFull;
  }

  /** Makes an empty failure for one alternative of a union. Its issues may be discarded later. It keeps the paths. */
  fork(): Failure {
    return new Failure(this.#name, maxIssues, true);
  }

  /** Adds the issues of a fork, or only those with one code. Returns true if parsing must stop. */
  take(fork: Failure, code?: ParseIssueCode): boolean {
    for (const [index, issue] of fork.issues.entries()) {
      if (code !== undefined && issue.code !== code) continue;
      if (this.#push(issue, fork.placeOf(index) ?? rootPlace)) return true;
    }
    return this.isFull;
  }

  /** The path of an issue, if paths are kept. */
  placeOf(index: number): Place | undefined {
    return this.#places?.[index];
  }

  /** Whether an issue has exactly this path, and not the path of a part below it. */
  isAt(place: Place, index: number): boolean {
    return this.placeOf(index) === place;
  }

  /** Whether an issue is about a part below this path. */
  isBelow(place: Place): boolean {
    return this.issues.some((_, index) => !this.isAt(place, index));
  }

  /** The issues in the format of Standard Schema, in which a path is an array of keys. */
  toStandardIssues(): StandardSchemaIssue[] {
    return this.issues.map(({ message }, index) => ({
      message,
      path: this.#places?.[index]?.toKeys() ?? [],
    }));
  }

  #push(issue: ParseIssue, place: Place): boolean {
    this.issues.push(issue);
    this.#places?.push(place);
    return this.issues.length >= this.#limit;
  }
}
