import { Failure } from "../issue/failure.js";
import { quoteValue } from "../issue/words.js";
import { schemaError } from "../node/schema-error.js";
import { partsOf, type SchemaNode } from "../node/schema-node.js";
import { toStrictNode } from "../node/strict-node.js";
import { closureCompiler } from "./closure-compiler.js";

/** The maximum depth of a default. The limit exists because a default is copied for each use. */
const maxLevels = 64;

/**
 * Checks every default against its schema once. Later uses of the default need no check.
 * @throws SchemaError at the first default that does not fit
 */
export function checkDefaults(node: SchemaNode, path: readonly string[] = []): void {
  if (node.fallback !== undefined) checkDefault(node, node.fallback.value, path);
  for (const [key, part] of partsOf(node)) checkDefaults(part, [...path, key]);
}

function checkDefault(node: SchemaNode, value: unknown, path: readonly string[]): void {
  if (!nestsWithin(value, maxLevels)) {
    throw schemaError(`has a default that nests deeper than ${maxLevels} levels.`, path);
  }
  const failure = new Failure("the default", 1, false);
  closureCompiler.compileExplainer(toStrictNode(node))(value, failure);
  const [issue] = failure.issues;
  if (issue === undefined) return;
  throw schemaError(`has the default ${quoteValue(value)}, which does not fit it. ${issue.message}`, path);
}

function nestsWithin(value: unknown, levels: number): boolean {
  if (typeof value !== "object" || value === null) return true;
  return levels > 0 && Object.values(value).every((part) => nestsWithin(part, levels - 1));
}
