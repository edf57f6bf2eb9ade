import { truncate } from "./words.js";

const longestKey = 100;

/** A position in a value: a key, and the place of the object or array that has the key. */
export class Place {
  readonly parent: Place | undefined;
  readonly key: PropertyKey;
  #text: string | undefined;
  #isPlain: boolean | undefined;

  constructor(parent: Place | undefined, key: PropertyKey) {
    this.parent = parent;
    this.key = key;
  }

  /** The keys, joined by dots. Empty at the root. */
  get text(): string {
    this.#text ??= this.#write();
    return this.#text;
  }

  /**
   * Whether a message can contain the path without quotes. A client chooses the keys, so a key with spaces, quotes or
   * control characters is quoted.
   */
  get isPlain(): boolean {
    this.#isPlain ??= this.parent === undefined || (isPlainKey(this.key) && this.parent.isPlain);
    return this.#isPlain;
  }

  /** The keys, beginning at the root. */
  toKeys(): PropertyKey[] {
    const keys: PropertyKey[] = [];
    for (let place: Place = this; place.parent !== undefined; place = place.parent) keys.push(place.key);
    return keys.reverse();
  }

  #write(): string {
    if (this.parent === undefined) return "";
    const key = typeof this.key === "string" ? truncate(this.key, longestKey) : String(this.key);
    return this.parent.parent === undefined ? key : `${this.parent.text}.${key}`;
  }
}

/** The value itself. */
export const rootPlace: Place = new Place(undefined, "");

function isPlainKey(key: PropertyKey): boolean {
  if (typeof key !== "string") return typeof key === "number";
  if (key === "" || key.length > longestKey) return false;
  for (let index = 0; index < key.length; index++) if (!isPlainCharacter(key.charCodeAt(index))) return false;
  return true;
}

// A to Z, a to z, 0 to 9, and - . _ $
function isPlainCharacter(code: number): boolean {
  if (code >= 97) return code <= 122;
  return (code >= 65 && code <= 90) || (code >= 48 && code <= 57) || plainPunctuation.has(code);
}

const plainPunctuation: ReadonlySet<number> = new Set([36, 45, 46, 95]);
