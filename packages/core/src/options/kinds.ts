import { isSize } from "./size.js";

/** The allowed values of an option. */
export interface OptionKind {
  /** The words for messages: `a function`. */
  readonly words: string;
  test(value: unknown): boolean;
}

/** The kind of each option. */
export type OptionKinds<Options> = { readonly [Key in keyof Required<Options>]: OptionKind };

const isText = (value: unknown): boolean => typeof value === "string";
const isTextList = (value: unknown): boolean => Array.isArray(value) && value.every(isText);
// Timers of Node with a longer time fire at once.
const longest = 2 ** 31 - 1;

/** The kinds of options. Options of the kind `any` are checked by the function that reads them. */
export const kinds: Readonly<
  Record<
    "any" | "flag" | "text" | "texts" | "textList" | "path" | "call" | "object" | "count" | "size" | "time",
    OptionKind
  >
> = {
  any: { words: "anything", test: () => true },
  flag: { words: "true or false", test: (value) => typeof value === "boolean" },
  text: { words: "a string", test: isText },
  texts: { words: "a string or an array of strings", test: (value) => isText(value) || isTextList(value) },
  textList: { words: "an array of strings", test: isTextList },
  path: {
    words: "a string that begins with a slash, an array of these, or null for every path",
    test: (value) => value === null || isText(value) || isTextList(value),
  },
  call: { words: "a function", test: isCallable },
  object: { words: "an object", test: isObject },
  count: {
    words: "a whole number from 0 up",
    test: (value) => Number.isInteger(value) && Number(value) >= 0,
  },
  size: {
    words: 'a number of bytes or a size such as "1mb"',
    test: (value) => (typeof value === "number" || typeof value === "string") && isSize(value),
  },
  time: {
    words: `a number of milliseconds, from 0 to ${longest}`,
    test: (value) => typeof value === "number" && value >= 0 && value <= longest,
  },
};

/** Whether a value is a function that can be called: a class can only be constructed. */
export function isCallable(value: unknown): boolean {
  return typeof value === "function" && !isClass(value);
}

/** Whether a function is a class. */
export function isClass(value: object): boolean {
  return /^class\b/.test(Function.prototype.toString.call(value));
}

/** Makes a kind of a few values. */
export function oneOf(...values: readonly string[]): OptionKind {
  return {
    words: `one of ${values.map((value) => JSON.stringify(value)).join(", ")}`,
    test: (value) => values.includes(value as string),
  };
}

/** The value false, to be combined with another kind. */
export const no: OptionKind = { words: "false", test: (value) => value === false };

/** Makes a kind that accepts the values of two kinds. */
export function either(first: OptionKind, second: OptionKind): OptionKind {
  return {
    words: `${first.words}, or ${second.words}`,
    test: (value) => first.test(value) || second.test(value),
  };
}

/** Takes what a kind takes, or an array of at least one of these. */
export function oneOrMore(one: OptionKind): OptionKind {
  return either(one, {
    words: "an array of these",
    test: (value) => Array.isArray(value) && value.length > 0 && value.every(one.test),
  });
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
