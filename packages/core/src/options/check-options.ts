import { ArgumentError } from "../errors.js";

/** What an option may be. */
export interface OptionKind {
  /** For messages: `a function`. */
  readonly words: string;
  test(value: unknown): boolean;
}

/** What each option may be. */
export type OptionKinds<Options> = { readonly [Key in keyof Required<Options>]: OptionKind };

const isText = (value: unknown): boolean => typeof value === "string";
const isTextList = (value: unknown): boolean => Array.isArray(value) && value.every(isText);
// Beyond this, timers of Node fire at once.
const longest = 2 ** 31 - 1;

/** The kinds that options are of. Those of `any` are checked by who reads them. */
export const kinds: Readonly<
  Record<
    "any" | "flag" | "text" | "texts" | "textList" | "path" | "call" | "object" | "count" | "size" | "time",
    OptionKind
  >
> = {
  any: { words: "anything", test: () => true },
  flag: { words: "true or false", test: (value) => typeof value === "boolean" },
  text: { words: "a text", test: isText },
  texts: { words: "a text or a list of texts", test: (value) => isText(value) || isTextList(value) },
  textList: { words: "a list of texts", test: isTextList },
  path: {
    words: "a text that begins with a slash, a list of these, or null for every path",
    test: (value) => value === null || isText(value) || isTextList(value),
  },
  call: { words: "a function", test: (value) => typeof value === "function" },
  object: { words: "an object", test: isObject },
  count: {
    words: "a whole number from 0 up",
    test: (value) => Number.isInteger(value) && Number(value) >= 0,
  },
  size: {
    words: 'a number of bytes or a size such as "1mb"',
    test: (value) => typeof value === "number" || typeof value === "string",
  },
  time: {
    words: `a number of milliseconds, from 0 to ${longest}`,
    test: (value) => typeof value === "number" && value >= 0 && value <= longest,
  },
};

/** A kind of a few values. */
export function oneOf(...values: readonly string[]): OptionKind {
  return {
    words: `one of ${values.map((value) => JSON.stringify(value)).join(", ")}`,
    test: (value) => values.includes(value as string),
  };
}

/** What is false, or of another kind. */
export const no: OptionKind = { words: "false", test: (value) => value === false };

/** Anything of a kind, or of another one. */
export function either(first: OptionKind, second: OptionKind): OptionKind {
  return {
    words: `${first.words}, or ${second.words}`,
    test: (value) => first.test(value) || second.test(value),
  };
}

/**
 * Refuses options that nobody reads, and values of the wrong kind. What is undefined counts as left out.
 *
 * @param what Whose options they are, to begin a sentence with: `A router`.
 * @throws {ArgumentError} which names the key, what was expected, and the key that was probably meant.
 */
export function checkOptions<Options>(options: unknown, what: string, known: OptionKinds<Options>): void {
  if (!isObject(options)) throw new ArgumentError(`${what} takes an object, not ${describe(options)}.`);
  const kindOf: Readonly<Record<string, OptionKind>> = known;
  for (const [key, value] of Object.entries(options)) {
    const kind = Object.hasOwn(kindOf, key) ? kindOf[key] : undefined;
    if (kind === undefined)
      throw new ArgumentError(`${what} has no "${key}". ${hint(key, Object.keys(known))}`);
    if (value !== undefined && !kind.test(value)) {
      throw new ArgumentError(`"${key}" of ${lowerArticle(what)} is ${kind.words}, not ${describe(value)}.`);
    }
  }
}

/** Names a wrong value. */
export function describe(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value);
  if (value === null || typeof value === "number" || typeof value === "boolean") return String(value);
  if (Array.isArray(value)) return "a list";
  return typeof value === "object"
    ? "an object"
    : typeof value === "undefined"
      ? "undefined"
      : `a ${typeof value}`;
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function lowerArticle(text: string): string {
  return text.replace(/^(?:An?|The) /, (article) => article.toLowerCase());
}

function hint(key: string, known: readonly string[]): string {
  const [nearest] = known
    .map((name) => ({ name, distance: measureDistance(key.toLowerCase(), name.toLowerCase()) }))
    .filter(({ name, distance }) => distance <= Math.min(key.length, name.length) / 3)
    .sort((a, b) => a.distance - b.distance);
  return nearest === undefined ? `It knows ${known.join(", ")}.` : `Perhaps "${nearest.name}" was meant.`;
}

// Insertions, removals and changes; two neighbours that changed places count as one.
function measureDistance(from: string, to: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let i = 1; i <= from.length; i++) {
    const row = [i];
    for (let j = 1; j <= to.length; j++) {
      const change = (last[j - 1] ?? 0) + (from[i - 1] === to[j - 1] ? 0 : 1);
      const swaps = j > 1 && from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1];
      const swap = swaps ? (beforeLast[j - 2] ?? 0) + 1 : Number.POSITIVE_INFINITY;
      row.push(Math.min(change, swap, (last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1));
    }
    beforeLast = last;
    last = row;
  }
  return last[to.length] ?? 0;
}
