import { SchemaError } from "../errors.js";
import type { Failure } from "../issue/failure.js";
import { forbiddenKeys, type StringFormat } from "../node/schema-node.js";
import type { StandardSchema, StandardSchemaResult } from "../schema/standard-schema.js";

// The steps that closures and generated source share, so that they cannot differ.

/** Whether nothing enumerable was put on Object.prototype, where a plain object would seem to own it. */
export function isPrototypeClean(): boolean {
  for (const _ in Object.prototype) return false;
  return true;
}

/** The value of an own property, or undefined. */
export function ownValue(object: object, key: string): unknown {
  return Object.hasOwn(object, key) ? (object as Record<string, unknown>)[key] : undefined;
}

/** Every part of the pattern can match in one way only, so that it is linear. */
const numberPattern = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/;

/** The number that a text writes in decimal, or the text itself. */
export function coerceNumber(value: unknown): unknown {
  return typeof value === "string" && numberPattern.test(value) ? Number(value) : value;
}

/** The boolean that a text names, or the text itself. */
export function coerceBoolean(value: unknown): unknown {
  return value === "true" ? true : value === "false" ? false : value;
}

/** Whether a number is a multiple of another, as far as decimal fractions in binary can tell. */
export function isMultiple(value: number, factor: number): boolean {
  if (Number.isInteger(value) && Number.isInteger(factor)) return value % factor === 0;
  return Math.abs(Math.round(value / factor) * factor - value) <= 2 * Number.EPSILON * Math.abs(value);
}

/** The HTML specification's pattern for e-mail inputs, with a dot asked for in the domain. */
const emailPattern =
  /^[\w.!#$%&'*+/=?^`{|}~-]{1,64}@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?$/;
const uuidPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Whether a string has a format; 254 characters is the longest address that mail can carry (RFC 5321). */
export function hasFormat(value: string, format: StringFormat): boolean {
  return format === "email" ? value.length <= 254 && emailPattern.test(value) : uuidPattern.test(value);
}

/** The index of the first item that an earlier one equals, or -1. */
export function findRepeated(items: readonly unknown[]): number {
  const seen = new Set<unknown>();
  for (let index = 0; index < items.length; index++) {
    if (seen.has(items[index])) return index;
    seen.add(items[index]);
  }
  return -1;
}

/** A copy of a default: its lists and plain objects anew, all else as it is. */
export function copyDefault(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(copyDefault);
  if (typeof value !== "object" || value === null || Object.getPrototypeOf(value) !== Object.prototype)
    return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, copyDefault(part)]));
}

/** The first own key that no object may have. */
export function findForbidden(object: object): string | undefined {
  return forbiddenKeys.find((key) => Object.hasOwn(object, key));
}

/** Notes every key that is not a known one; answers whether the run must stop. */
export function addUnknownKeys(
  failure: Failure,
  object: object,
  known: ReadonlySet<string>,
  path: readonly PropertyKey[],
): boolean {
  for (const key of Object.keys(object)) {
    if (known.has(key)) continue;
    const stop = forbiddenKeys.includes(key)
      ? failure.add([...path, key], "forbidden_key", "no such key", key)
      : failure.addUnknownKey(path, key, known);
    if (stop) return true;
  }
  return false;
}

/** Whether an object has a key beyond the known ones. */
export function hasUnknownKey(object: object, known: ReadonlySet<string>): boolean {
  for (const key in object) if (!known.has(key) && Object.hasOwn(object, key)) return true;
  return false;
}

/** A new object with the keys that are not known ones; forbidden keys were refused before. */
export function copyUnknownKeys(object: object, known: ReadonlySet<string>): Record<string, unknown> {
  const copy: Record<string, unknown> = {};
  for (const key of Object.keys(object)) {
    if (!known.has(key)) copy[key] = (object as Record<string, unknown>)[key];
  }
  return copy;
}

/**
 * Asks a schema of another library.
 * @throws SchemaError with the code PARSER_ASYNC_SCHEMA if it wants to be waited for.
 */
export function runStandard(schema: StandardSchema, value: unknown): StandardSchemaResult<unknown> {
  const { validate, vendor } = schema["~standard"];
  const result = validate(value);
  if (!("then" in result)) return result;
  // Nobody will look at the promise: its rejection must not end the process.
  result.then(undefined, () => undefined);
  throw new SchemaError(
    `A schema of ${vendor} validates asynchronously, which parsing cannot wait for; use a synchronous one.`,
    "",
    { code: "PARSER_ASYNC_SCHEMA" },
  );
}

/** Whether what a foreign schema answered with is what it was given; a library may copy objects. */
export function isUnchanged(given: unknown, answered: unknown): boolean {
  return Object.is(given, answered) || (isObjectLike(given) && isObjectLike(answered));
}

function isObjectLike(value: unknown): boolean {
  return typeof value === "object" && value !== null;
}
