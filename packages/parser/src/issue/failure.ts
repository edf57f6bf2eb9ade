import type { StandardSchemaIssue } from "../schema/standard-schema.js";
import { type Fault, foreign, unknownKey } from "./fault.js";
import type { ParseIssue, ParseIssueCode } from "./parse-issue.js";
import { Place, rootPlace } from "./place.js";
import { createIssue, type Site } from "./site.js";

/** How many issues are collected at most: a long array of bad items must not cost more than it did to send. */
export const maxIssues = 100;

/** Collects the issues of one value. */
export class Failure {
  readonly issues: ParseIssue[] = [];
  readonly #name: string;
  readonly #limit: number;
  readonly #places: Place[] | undefined;

  /**
   * @param name the name of the value, or empty
   * @param limit after how many issues the run must stop
   * @param keepsPlaces whether the places of the issues are asked for later
   */
  constructor(name: string, limit: number, keepsPlaces: boolean) {
    this.#name = name;
    this.#limit = limit;
    this.#places = keepsPlaces ? [] : undefined;
  }

  /** Whether the run must stop. */
  get isFull(): boolean {
    return this.issues.length >= this.#limit;
  }

  /** Notes a fault; answers whether the run must stop here. */
  add(place: Place, fault: Fault, value: unknown): boolean {
    return this.#push(createIssue(fault, place, this.#name, value), place);
  }

  /** The same for a fault whose place is known in advance. */
  addAt(site: Site, value: unknown): boolean {
    return this.#push(site.issue(this.#name, value), site.place);
  }

  /** Notes a key that the schema does not name. */
  addUnknownKey(place: Place, key: string, known: Iterable<string>): boolean {
    return this.add(new Place(place, key), unknownKey(key, known), key);
  }

  /** Notes the issues that a schema of another library returned. */
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

  /** An empty failure for faults that may turn out not to be issues of this value. It keeps places. */
  fork(): Failure {
    return new Failure(this.#name, maxIssues, true);
  }

  /** Notes the issues of a fork, or those of one code; answers whether the run must stop. */
  take(fork: Failure, code?: ParseIssueCode): boolean {
    for (const [index, issue] of fork.issues.entries()) {
      if (code !== undefined && issue.code !== code) continue;
      if (this.#push(issue, fork.placeOf(index) ?? rootPlace)) return true;
    }
    return this.isFull;
  }

  /** The place of an issue, if places are kept. */
  placeOf(index: number): Place | undefined {
    return this.#places?.[index];
  }

  /** Whether an issue is about a place itself, and not about a part of it. */
  isAt(place: Place, index: number): boolean {
    return this.placeOf(index) === place;
  }

  /** Whether an issue is about a part of a place. */
  isBelow(place: Place): boolean {
    return this.issues.some((_, index) => !this.isAt(place, index));
  }

  /** The issues as Standard Schema wants them: with the keys of their paths one by one. */
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
