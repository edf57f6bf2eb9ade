import { listWords, quoteValue } from "../issue/words.js";
import type { SchemaNode } from "./schema-node.js";

/** Describes the values that a node accepts, without an article: `string`, `array`, `string or number`. */
export function describeNode(node: SchemaNode): string {
  const words = describeKind(node);
  return node.nullable && node.kind !== "null" ? `${words} or null` : words;
}

/** The allowed literals in the form of a message. */
export function describeValues(values: readonly unknown[]): string {
  if (values.length === 1) return quoteValue(values[0]);
  return `one of ${listWords(values.map(quoteValue), "or", 20)}`;
}

function describeKind(node: SchemaNode): string {
  switch (node.kind) {
    case "string":
      return node.format ?? "string";
    case "number":
      return node.integer ? "integer" : "number";
    case "date":
      return node.text === "day" ? "date" : "datetime";
    case "values":
      return describeValues(node.values);
    case "dict":
      return "object";
    case "unknown":
      return "value";
    case "union":
      return listWords([...new Set(node.alternatives.map(describeNode))], "or", 20);
    case "ref":
      return describeNode(node.target.node);
    case "custom":
      return node.name;
    case "standard":
      return `value that ${node.schema["~standard"].vendor} accepts`;
    default:
      return node.kind;
  }
}
