import { ParserError } from "../errors.js";
import { isDate } from "../formats/coercions.js";
import type { Failure } from "../issue/failure.js";
import { type Fault, forbiddenKey, refused as refusedBy } from "../issue/fault.js";
import { Place } from "../issue/place.js";
import { type CustomNode, forbiddenKeys, type Rule } from "../node/schema-node.js";
import type { StandardSchema, StandardSchemaResult } from "../schema/standard-schema.js";

// Closures and generated source share these functions, so that both behave in the same way.

/**
 * Whether Object.prototype has no enumerable properties. In a loop, such a property looks like an own property of every
 * object.
 */
export function isPrototypeClean(): boolean {
  for (const _ in Object.prototype) return false;
  return true;
}

/** The value of an own property, or undefined. */
export function ownValue(object: object, key: PropertyKey): unknown {
  return Object.hasOwn(object, key) ? (object as Record<PropertyKey, unknown>)[key] : undefined;
}

/** Whether a number is a multiple of another number. Allows for the rounding error of binary fractions. */
export function isMultiple(value: number, factor: number): boolean {
  if (Number.isInteger(value) && Number.isInteger(factor)) return value % factor === 0;
  return Math.abs(Math.round(value / factor) * factor - value) <= 2 * Number.EPSILON * Math.abs(value);
}

/** The index of the first item that equals an earlier item, or -1. */
export function findRepeated(items: readonly unknown[]): number {
  const seen = new Set<unknown>();
  for (let index = 0; index < items.length; index++) {
    if (seen.has(items[index])) return index;
    seen.add(items[index]);
  }
  return -1;
}

/** A copy of a default: arrays and plain objects are copied, all other values are shared. */
export function copyDefault(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(copyDefault);
  if (isDate(value)) return new Date(value);
  if (typeof value !== "object" || value === null || Object.getPrototypeOf(value) !== Object.prototype)
    return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, copyDefault(part)]));
}

/** The first own key that is forbidden in all objects. */
export function findForbidden(object: object): string | undefined {
  return forbiddenKeys.find((key) => Object.hasOwn(object, key));
}

/** Records an issue for every unknown key. Returns true if the limit of issues is reached. */
export function addUnknownKeys(
  failure: Failure,
  object: object,
  known: ReadonlySet<string>,
  place: Place,
): boolean {
  for (const key of Object.keys(object)) {
    if (known.has(key)) continue;
    const stop = forbiddenKeys.includes(key)
      ? failure.add(new Place(place, key), forbiddenKey, key)
      : failure.addUnknownKey(place, key, known);
    if (stop) return true;
  }
  return false;
}

/** Whether an object has an unknown key. */
export function hasUnknownKey(object: object, known: ReadonlySet<string>): boolean {
  for (const key in object) if (!known.has(key) && Object.hasOwn(object, key)) return true;
  return false;
}

/** A new object with the unknown keys. Forbidden keys were already refused. */
export function copyUnknownKeys(object: object, known: ReadonlySet<string>): Record<string, unknown> {
  const copy: Record<string, unknown> = {};
  for (const key of Object.keys(object)) {
    if (!known.has(key)) copy[key] = (object as Record<string, unknown>)[key];
  }
  return copy;
}

/**
 * Calls a schema of another library.
 * @throws ParserError if the schema throws or returns a promise
 */
export function runStandard(schema: StandardSchema, value: unknown): StandardSchemaResult<unknown> {
  const { validate, vendor } = schema["~standard"];
  const what = `A schema of ${vendor}`;
  const result = call(validate, value, what);
  if (isThenable(result)) throw asynchronous(result, what);
  return result as StandardSchemaResult<unknown>;
}

/**
 * Calls a registered function.
 * @throws ParserError if the function throws or returns a promise
 */
export function runCustom({ name, parse }: CustomNode, value: unknown): unknown {
  const what = `The registered type "${name}"`;
  const result = call(parse, value, what);
  if (isThenable(result)) throw asynchronous(result, what);
  return result;
}

/**
 * Calls the rules of a node, in order.
 * @returns undefined if the rules accept the value, otherwise a description of the issue
 * @throws ParserError if a rule throws or returns a promise
 */
export function findBroken(rules: readonly Rule[], value: unknown): Fault | undefined {
  for (const rule of rules) {
    const verdict = call(rule, value, 'The "refine" of a schema');
    if (verdict === true) continue;
    if (isThenable(verdict)) throw asynchronous(verdict, 'The "refine" of a schema');
    return refusedBy(typeof verdict === "string" ? verdict : undefined);
  }
  return undefined;
}

// If a function of the user throws, the program has an error. This error must not look like an invalid value.
function call(run: (value: unknown) => unknown, value: unknown, what: string): unknown {
  try {
    return run(value);
  } catch (error) {
    throw new ParserError(
      "PARSER_CALLBACK_FAILED",
      `${what} threw an error instead of returning a result: ${error instanceof Error ? error.message : String(error)}`,
      { cause: error },
    );
  }
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === "object" && value !== null && "then" in value && typeof value.then === "function";
}

function asynchronous(promise: PromiseLike<unknown>, what: string): ParserError {
  // No code awaits the promise. Without this handler, its rejection would end the process.
  promise.then(undefined, () => undefined);
  return new ParserError(
    "PARSER_ASYNC_SCHEMA",
    `${what} is asynchronous, but parsing is synchronous; use a synchronous function or schema.`,
  );
}

/**
 * Whether the result of a schema of another library equals the given value. Two objects count as equal, because a
 * library may copy objects.
 */
export function isUnchanged(given: unknown, answered: unknown): boolean {
  return Object.is(given, answered) || (isObjectLike(given) && isObjectLike(answered));
}

function isObjectLike(value: unknown): boolean {
  return typeof value === "object" && value !== null;
}
