import type { Schema } from "@miqro/parser";
import { dropPrototypeKeys } from "../body/json-parser.js";
import { compilePart } from "../validation/compile-part.js";

const mostIssues = 20;

/** A message that fits, or the answer to one that does not. */
export type ReadMessage = { readonly value: unknown } | { readonly answer: string };

/** Makes a function that parses JSON messages with a schema. */
export function createMessageReader(schema: Schema): (data: string | Buffer) => ReadMessage {
  const check = compilePart(schema, { coerce: false, mode: "no_extra" });
  return (data) => {
    if (typeof data !== "string") return refuse("A message must be text with JSON, not bytes.", []);
    let value: unknown;
    try {
      value = JSON.parse(data);
      dropPrototypeKeys(value);
    } catch {
      return refuse("A message must be text with JSON.", []);
    }
    const result = check(value, "message");
    if (result.success) return { value: result.value };
    const issues = result.issues
      .slice(0, mostIssues)
      .map(({ path, expected, message }) => ({ path, expected, message }));
    return refuse("The message does not match the schema.", issues);
  };
}

function refuse(message: string, issues: readonly object[]): ReadMessage {
  return { answer: JSON.stringify({ error: { code: "INVALID_MESSAGE", message, issues } }) };
}
