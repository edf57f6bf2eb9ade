import { schemaError } from "./schema-error.js";
import { partsOf, type RefTarget, type SchemaNode, type UnionNode } from "./schema-node.js";

/**
 * Checks that every ref leads to a deeper level of the value. Also checks that parsing a recursive union cannot take
 * exponential time.
 * @throws SchemaError at the first ref or union that breaks one of these rules
 */
export function checkRecursion(node: SchemaNode, path: readonly string[] = []): void {
  if (node.kind === "ref" && leadsTo(node.target.node, node.target, new Set())) {
    throw schemaError(
      `is a ref to "${node.target.id}" for the same value, so that parsing would never end; put the ref into a property, an array or a dict.`,
      path,
    );
  }
  if (node.kind === "union" && node.discriminator === undefined) checkUnion(node, path);
  for (const [place, part] of partsOf(node)) checkRecursion(part, [...path, place]);
}

function leadsTo(node: SchemaNode, target: RefTarget, seen: Set<SchemaNode>): boolean {
  if (seen.has(node)) return false;
  seen.add(node);
  if (node.kind === "union") return node.alternatives.some((part) => leadsTo(part, target, seen));
  return node.kind === "ref" && (node.target === target || leadsTo(node.target.node, target, seen));
}

/**
 * If two alternatives recur through the same property, parsing may read this property twice, once for each alternative.
 * The time would then double with every level.
 */
function checkUnion(union: UnionNode, path: readonly string[]): void {
  const seen = new Set<string>();
  for (const alternative of flatten(union, new Set())) {
    for (const part of recurringParts(alternative)) {
      // A dict recurs through every key.
      if (seen.has(part) || (part !== "[]" && (seen.has("*") || (part === "*" && hasKey(seen))))) {
        throw schemaError(
          "has two alternatives that recur through the same property, so that parsing would take exponential time; add a discriminator.",
          path,
        );
      }
      seen.add(part);
    }
  }
}

function hasKey(parts: ReadonlySet<string>): boolean {
  return [...parts].some((part) => part !== "[]");
}

function flatten(node: SchemaNode, seen: Set<SchemaNode>): SchemaNode[] {
  if (seen.has(node)) return [];
  seen.add(node);
  if (node.kind === "union") return node.alternatives.flatMap((part) => flatten(part, seen));
  return node.kind === "ref" ? flatten(node.target.node, seen) : [node];
}

/** The keys of an object through which the node recurs. The key is `*` for a dict and `[]` for an array. */
function recurringParts(node: SchemaNode): string[] {
  const own = new Set<RefTarget>();
  collectTargets(node, own);
  return partsOf(node).flatMap(([place, part]) => {
    if (!leaves(part, own)) return [];
    return [node.kind === "object" ? `.${place}` : node.kind === "dict" ? "*" : "[]"];
  });
}

function collectTargets(node: SchemaNode, targets: Set<RefTarget>): void {
  if (node.self !== undefined) targets.add(node.self);
  for (const [, part] of partsOf(node)) collectTargets(part, targets);
}

function leaves(node: SchemaNode, own: ReadonlySet<RefTarget>): boolean {
  if (node.kind === "ref") return !own.has(node.target);
  return partsOf(node).some(([, part]) => leaves(part, own));
}
