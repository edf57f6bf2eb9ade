import { countCharacters } from "../formats/characters.js";
import type { Fault } from "./fault.js";
import { kindOf } from "./kind.js";
import type { ParseIssue } from "./parse-issue.js";
import { Place } from "./place.js";
import { quoteValue, withArticle } from "./words.js";

/**
 * A fault that a schema can find at a place that it knows. Most are about the kind of a value only, so that there
 * are few different issues: each is made once, for the name that was given last, and shared.
 */
export class Site {
  readonly place: Place;
  readonly fault: Fault;
  #name = "";
  #byKind: (ParseIssue | undefined)[] = [];

  constructor(place: Place, fault: Fault) {
    this.place = place;
    this.fault = fault;
  }

  /** The issue for a value that is found faulty here. */
  issue(name: string, value: unknown): ParseIssue {
    if (this.fault.reads !== "kind") return createIssue(this.fault, this.place, name, value);
    if (name !== this.#name) {
      this.#name = name;
      this.#byKind = [];
    }
    const { index } = kindOf(value);
    let issue = this.#byKind[index];
    if (issue === undefined) {
      issue = Object.freeze(createIssue(this.fault, this.place, name, value));
      this.#byKind[index] = issue;
    }
    return issue;
  }
}

/** How many items of a list have sites that are kept. */
const keptItems = 64;

/** The same for the items of a list, or for the same part of each. */
export class ItemSites {
  readonly #list: Place;
  readonly #keys: readonly string[];
  readonly #fault: Fault;
  readonly #sites: (Site | undefined)[] = [];

  /** @param keys what leads from an item to the part of it */
  constructor(list: Place, keys: readonly string[], fault: Fault) {
    this.#list = list;
    this.#keys = keys;
    this.#fault = fault;
  }

  at(index: number): Site {
    let site = this.#sites[index];
    if (site === undefined) {
      const item = new Place(this.#list, index);
      site = new Site(
        this.#keys.reduce((place, key) => new Place(place, key), item),
        this.#fault,
      );
      if (index < keptItems) this.#sites[index] = site;
    }
    return site;
  }
}

/** The issue for a value that is found faulty at a place; `name` is what the value as a whole is called, or empty. */
export function createIssue(fault: Fault, place: Place, name: string, value: unknown): ParseIssue {
  const isRoot = place.parent === undefined;
  const path = name === "" ? place.text : isRoot ? name : `${name}.${place.text}`;
  const subject = path === "" && isRoot ? "The value" : place.isPlain ? path : JSON.stringify(path);
  const { code, expected, before, after } = fault;
  if (value === undefined && fault.missing !== undefined) {
    return { path, code: "missing", expected, received: "undefined", message: subject + fault.missing };
  }
  if (fault.reads === "kind") {
    const { word, phrase } = kindOf(value);
    const message = subject + (fault.tells ? before + phrase + after : before);
    return { path, code, expected, received: word, message };
  }
  const received = fault.reads === "value" ? quoteValue(value) : String(lengthOf(value));
  const message = subject + (fault.tells ? before + withArticle(received) + after : before);
  return { path, code, expected, received, message };
}

function lengthOf(value: unknown): number {
  return typeof value === "string" ? countCharacters(value) : (value as readonly unknown[]).length;
}
