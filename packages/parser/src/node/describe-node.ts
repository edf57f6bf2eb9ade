import { listWords, quoteValue } from "../issue/words.js";
import type { SchemaNode } from "./schema-node.js";

/** What a node accepts, in a few words without an article: `string`, `list`, `string or number`. */
export function describeNode(node: SchemaNode): string {
  const words = describeKind(node);
  return node.nullable && node.kind !== "null" ? `${words} or null` : words;
}

function describeKind(node: SchemaNode): string {
  switch (node.kind) {
    case "string":
      return node.format ?? "string";
    case "number":
      return node.integer ? "integer" : "number";
    case "values":
      return node.values.length === 1
        ? quoteValue(node.values[0])
        : `one of ${listWords(node.values.map(quoteValue), "or", 20)}`;
    case "dict":
      return "object";
    case "unknown":
      return "value";
    case "union":
      return listWords([...new Set(node.alternatives.map(describeNode))], "or", 20);
    case "standard":
      return `value that ${node.schema["~standard"].vendor} accepts`;
    default:
      return node.kind;
  }
}
