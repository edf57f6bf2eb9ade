import { closestName } from "@miqro/parser/closest-name";
import { didYouMean } from "../options/did-you-mean.js";

const words: Readonly<Record<string, string>> = {
  string: "a string",
  number: "a number",
  boolean: "true or false",
  "string[]": "an array of strings",
};

/** The sentence about a value of the wrong kind. */
export function wrongKind(what: string, value: unknown, kinds: readonly string[]): string {
  const expected = kinds.map((kind) => words[kind] ?? kind);
  const last = expected.pop();
  const list = expected.length === 0 ? last : `${expected.join(", ")} or ${last}`;
  return `${what} is ${inWords(value)}, but must be ${list}.`;
}

/** The sentence about an unknown key. It does not suggest `others`, because these keys are already there. */
export function unknownKey(key: string, known: readonly string[], others: readonly string[]): string {
  const free = known.filter((name) => !others.includes(name));
  return `unknown key "${key}". ${closestName(key, free) === undefined ? didYouMean(key, known) : didYouMean(key, free)}`;
}

function inWords(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}
