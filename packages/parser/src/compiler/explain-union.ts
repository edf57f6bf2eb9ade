import type { Failure } from "../issue/failure.js";
import { fitsNone, lacksAll, noSuchKey, ruleAccepts, wrongType, wrongValue } from "../issue/fault.js";
import type { ParseIssue } from "../issue/parse-issue.js";
import { Place } from "../issue/place.js";
import { describeNode, describeValues } from "../node/describe-node.js";
import type { ObjectNode, SchemaNode, UnionNode, ValuesNode } from "../node/schema-node.js";
import { ownValue } from "./operations.js";

/** Runs the explainer of one alternative of the union. */
export type ExplainAlternative = (index: number, failure: Failure) => unknown;

/** The issues that one alternative of a union finds in a value. */
interface Attempt {
  readonly index: number;
  readonly failure: Failure;
  /** The number of tag properties whose value belongs to another alternative. */
  readonly strays: number;
  /** The number of changes after which the value would fit the alternative. */
  readonly cost: number;
  /** The number of keys of the object that the alternative has, including misspelt keys. */
  readonly named: number;
}

/**
 * Records why a value fits no alternative of a union. The issues are those of the alternative that the value is nearest
 * to. An alternative for another kind of value is never chosen: if the value is an object, no alternative for arrays is
 * chosen.
 * @returns the parsed value if an alternative accepts it at this second attempt, otherwise the given value
 */
export function explainUnion(
  node: UnionNode,
  value: unknown,
  failure: Failure,
  place: Place,
  explain: ExplainAlternative,
): unknown {
  const tags = typeof value === "object" && value !== null ? findTags(node) : [];
  const attempts: Attempt[] = [];
  for (const [index, part] of node.alternatives.entries()) {
    const found = failure.fork();
    const result = explain(index, found);
    if (found.issues.length === 0) return result;
    const alternative = resolve(part);
    if (!isMeantFor(alternative, value, found, place)) continue;
    const strays = tags.filter(
      ({ key, nodes }) => !accepts(nodes.get(index), ownValue(value as object, key)),
    );
    attempts.push({ index, failure: found, strays: strays.length, ...measure(alternative, value, found) });
  }
  note(node, value, failure, place, attempts, tags);
  return value;
}

function note(
  node: UnionNode,
  value: unknown,
  failure: Failure,
  place: Place,
  attempts: readonly Attempt[],
  tags: readonly Tag[],
): void {
  const [first] = attempts;
  if (first === undefined) {
    failure.add(place, wrongType(describeNode(node)), value);
  } else if (typeof value !== "object") {
    failure.add(place, fitsNone(expectedOf(node, attempts, value)), value);
  } else {
    const stray = tags.find(({ key, nodes }) => {
      const tag = ownValue(value as object, key);
      return ![...nodes.values()].some((values) => accepts(values, tag));
    });
    if (stray !== undefined) {
      const values = [...stray.nodes.values()].flatMap((part) => part.values);
      const fault = wrongValue(describeValues([...new Set(values)]));
      failure.add(new Place(place, stray.key), fault, ownValue(value as object, stray.key));
      return;
    }
    const nearest = attempts.reduce((best, other) => (compare(other, best) < 0 ? other : best), first);
    const missing = missingKeys(nearest.failure, place);
    const others = attempts.flatMap((attempt) => {
      const isEqual = attempt.strays === nearest.strays && attempt.named === nearest.named;
      return (isEqual && missingKeys(attempt.failure, place)) || [];
    });
    const isTied = new Set(others.map((keys) => keys.join())).size > 1;
    if (missing === undefined || !isTied) failure.take(nearest.failure);
    else if (!failure.add(place, lacksAll(others), value)) failure.take(nearest.failure, "unknown_key");
  }
}

function compare(left: Attempt, right: Attempt): number {
  return left.strays - right.strays || left.cost - right.cost;
}

/** A property that distinguishes the alternatives: each alternative for objects declares it as a literal or an enum. */
interface Tag {
  readonly key: string;
  /** The allowed values of the property, by the index of the alternative. */
  readonly nodes: ReadonlyMap<number, ValuesNode>;
}

const knownTags = new WeakMap<UnionNode, readonly Tag[]>();

function findTags(node: UnionNode): readonly Tag[] {
  let tags = knownTags.get(node);
  if (tags === undefined) {
    tags = readTags(node);
    knownTags.set(node, tags);
  }
  return tags;
}

function readTags(node: UnionNode): readonly Tag[] {
  const parts = node.alternatives.map(resolve);
  // The properties of the objects that these alternatives accept are not known.
  if (parts.some(({ kind }) => ["dict", "union", "unknown", "custom", "standard"].includes(kind))) return [];
  const objects = parts.flatMap((part, index) => (part.kind === "object" ? [{ part, index }] : []));
  const [first] = objects;
  if (first === undefined || objects.length < 2) return [];
  return first.part.properties.flatMap(({ key }) => {
    const nodes = new Map<number, ValuesNode>();
    for (const { part, index } of objects) {
      const values = findValues(part, key);
      if (values !== undefined) nodes.set(index, values);
    }
    return nodes.size === objects.length ? [{ key, nodes }] : [];
  });
}

function findValues(node: ObjectNode, key: string): ValuesNode | undefined {
  const part = node.properties.find((property) => property.key === key)?.node;
  if (part?.kind !== "values" || part.optional || part.nullable || part.fallback !== undefined)
    return undefined;
  return part;
}

function accepts(node: ValuesNode | undefined, value: unknown): boolean {
  if (node === undefined) return true;
  const values: readonly unknown[] = node.values;
  return values.includes(value) || (typeof value === "string" && node.texts?.has(value) === true);
}

function resolve(node: SchemaNode): SchemaNode {
  return node.kind === "ref" ? resolve(node.target.node) : node;
}

/** Whether an alternative accepts values of this kind but refused this value. */
function isMeantFor(node: SchemaNode, value: unknown, failure: Failure, place: Place): boolean {
  if (node.kind === "values") {
    const kinds = node.values.map((part) => (part === null ? "null" : typeof part));
    if (node.texts !== undefined && typeof value === "string") return true;
    return kinds.includes(value === null ? "null" : (typeof value as "string"));
  }
  // If an alternative wraps single values in an array, a single value was not meant as an array.
  if (node.kind === "array" && !Array.isArray(value)) return false;
  if (node.kind === "standard" && typeof value !== "object") return failure.isBelow(place);
  return !failure.issues.every(
    ({ code }, index) => (code === "wrong_type" || code === "missing") && failure.isAt(place, index),
  );
}

function measure(node: SchemaNode, value: unknown, { issues }: Failure): Pick<Attempt, "cost" | "named"> {
  // A misspelt key of an alternative shows that the value was meant for this alternative.
  const misspelt = issues.filter(({ code, expected }) => code === "unknown_key" && expected !== noSuchKey);
  const cost = issues.length - misspelt.length / 2;
  if (node.kind !== "object" || typeof value !== "object" || value === null) return { cost, named: 0 };
  const known = node.properties.filter(({ key }) => ownValue(value, key) !== undefined).length;
  const named = known + misspelt.length;
  // If the mode allows unknown keys, they cause no issue. But unknown keys still show that the value was meant for
  // another alternative.
  const unnamed = node.mode === "no_extra" ? 0 : Object.keys(value).length - known;
  return { cost: cost + unnamed, named };
}

/** Returns the missing keys if all other issues are unknown keys. */
function missingKeys(failure: Failure, place: Place): readonly [keys: readonly string[]] | undefined {
  const keys: string[] = [];
  for (const [index, { code }] of failure.issues.entries()) {
    const at = failure.placeOf(index);
    if (at?.parent !== place) return undefined;
    if (code === "missing") keys.push(String(at.key));
    else if (code !== "unknown_key") return undefined;
  }
  return keys.length > 0 ? [keys] : undefined;
}

/**
 * Describes the values that each alternative expects. For an alternative that accepts this kind of value, the
 * description is that of its first issue.
 */
function expectedOf(node: UnionNode, attempts: readonly Attempt[], value: unknown): readonly string[] {
  const words = node.alternatives.map((alternative, index) => {
    const issue = attempts.find((attempt) => attempt.index === index)?.failure.issues[0];
    return issue === undefined ? describeNode(alternative) : wordsOf(issue, value);
  });
  return [...new Set(words)];
}

function wordsOf({ code, expected }: ParseIssue, value: unknown): string {
  switch (code) {
    case "too_short":
    case "too_long":
      return `${typeof value} of ${expected}`;
    case "wrong_pattern":
      return `${typeof value} that matches ${expected}`;
    case "refused":
      return expected === ruleAccepts ? expected : `${typeof value} that its rule accepts (${expected})`;
    default:
      return expected;
  }
}
