import { Failure } from "../issue/failure.js";
import { toIssues } from "../issue/to-issues.js";
import { quoteValue } from "../issue/words.js";
import { schemaError } from "../node/schema-error.js";
import type { SchemaNode } from "../node/schema-node.js";
import { toStrictNode } from "../node/strict-node.js";
import { closureCompiler } from "./closure-compiler.js";

/**
 * Checks that every default of a schema fits the schema that it stands in, so that it need not be at each use.
 * @throws SchemaError at the first that does not.
 */
export function checkDefaults(node: SchemaNode, path: readonly string[] = []): void {
  if (node.fallback !== undefined) {
    const { value } = node.fallback;
    const result = closureCompiler.compile(toStrictNode(node))(value, 1);
    if (result instanceof Failure) {
      const [issue] = toIssues(result, "the default");
      throw schemaError(
        `has the default ${quoteValue(value)}, which does not fit it. ${issue?.message}`,
        path,
      );
    }
  }
  for (const [key, part] of partsOf(node)) checkDefaults(part, [...path, key]);
}

function partsOf(node: SchemaNode): readonly (readonly [string, SchemaNode])[] {
  switch (node.kind) {
    case "object":
      return node.properties.map(({ key, node }) => [key, node]);
    case "array":
      return [["items", node.items]];
    case "dict":
      return [["values", node.values]];
    case "union":
      return node.alternatives.map((part, index) => [`anyOf.${index}`, part]);
    default:
      return [];
  }
}
