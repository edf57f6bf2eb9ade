import { countCharacters } from "../formats/characters.js";
import type { Fault } from "./fault.js";
import { kindOf } from "./kind.js";
import type { ParseIssue } from "./parse-issue.js";
import { Place } from "./place.js";
import { quoteValue, withArticle } from "./words.js";

/**
 * An issue whose path is known at compile time. Most issues depend only on the kind of the value, so there are few
 * different ones. Each is created once for the name that `parse` got last, and is then shared.
 */
export class Site {
  readonly place: Place;
  readonly fault: Fault;
  /** The name of the last value, and the start of an issue for this name. */
  #name: string | undefined;
  #head: Head = noHead;
  #byKind: (ParseIssue | undefined)[] = [];

  constructor(place: Place, fault: Fault) {
    this.place = place;
    this.fault = fault;
  }

  /** The issue for a value that does not fit at this path. */
  issue(name: string, value: unknown): ParseIssue {
    if (name !== this.#name) {
      this.#name = name;
      this.#head = createHead(this.place, name);
      this.#byKind = [];
    }
    if (this.fault.reads !== "kind") return writeIssue(this.fault, this.#head, value);
    const { index } = kindOf(value);
    let issue = this.#byKind[index];
    if (issue === undefined) {
      issue = Object.freeze(writeIssue(this.fault, this.#head, value));
      this.#byKind[index] = issue;
    }
    return issue;
  }
}

/** The number of array items whose sites are kept. */
const keptItems = 64;

/**
 * Issues of the items of an array, or of the same part of each item. Their paths differ only in the index of the item.
 */
export class ItemSites {
  readonly #list: Place;
  readonly #keys: readonly string[];
  readonly #fault: Fault;
  readonly #sites: (Site | undefined)[] = [];

  /** @param keys the keys that lead from an item to its part */
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

/** The start of a message, which all issues of one path share. */
interface Head {
  readonly path: string;
  /** The path in the form in which a sentence begins with it. */
  readonly subject: string;
}

const noHead: Head = { path: "", subject: "" };

function createHead(place: Place, name: string): Head {
  const isRoot = place.parent === undefined;
  const path = name === "" ? place.text : isRoot ? name : `${name}.${place.text}`;
  return { path, subject: path === "" && isRoot ? "The value" : place.isPlain ? path : JSON.stringify(path) };
}

/** Makes the issue for a value that does not fit at a path. `name` is the name of the whole value, or empty. */
export function createIssue(fault: Fault, place: Place, name: string, value: unknown): ParseIssue {
  return writeIssue(fault, createHead(place, name), value);
}

function writeIssue(fault: Fault, { path, subject }: Head, value: unknown): ParseIssue {
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
  // A quoted key and a number are written without an article.
  const isBare = fault.reads === "length" || typeof value === "string" || typeof value === "number";
  const phrase = isBare ? received : withArticle(received);
  const message = subject + (fault.tells ? before + phrase + after : before);
  return { path, code, expected, received, message };
}

function lengthOf(value: unknown): number {
  return typeof value === "string" ? countCharacters(value) : (value as readonly unknown[]).length;
}
