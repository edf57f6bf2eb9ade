import { compile, type Schema } from "@miqro/parser";
import { closestName } from "@miqro/parser/closest-name";
import { didYouMean } from "./did-you-mean.js";

/** The fields of an object; any other field is an error. */
export type Fields = Readonly<Record<string, Schema>>;

/**
 * Checks the fields of an exported object.
 * @param what - the name of the object in messages, such as `the default export`
 * @returns the errors with their remedies, one sentence each; empty if there are none
 */
export function checkFields(value: unknown, fields: Fields, what: string): string[] {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return [`${what} is ${describe(value)}, but must be an object with ${Object.keys(fields).join(", ")}.`];
  }
  const known = Object.keys(fields);
  const unknown = Object.keys(value).filter((key) => !Object.hasOwn(fields, key));
  const messages = unknown.map((key) => `unknown key "${key}" in ${what}. ${didYouMean(key, known)}`);
  const result = compile({ type: "object", properties: fields, mode: "add_extra" }).safeParse(value);
  if (!result.success) {
    // A mistyped key is not reported as missing as well.
    const meant = new Set(unknown.map((key) => closestName(key, known)));
    for (const { path, expected, received } of result.issues) {
      if (!(path in value) && meant.has(path)) continue;
      messages.push(`"${path}" in ${what} must be ${expected}, but is ${received}.`);
    }
  }
  return messages;
}

function describe(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "an array";
  return typeof value === "undefined" ? "missing" : `a ${typeof value}`;
}
