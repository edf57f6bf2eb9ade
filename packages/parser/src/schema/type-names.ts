/**
 * The names of the types that a short form can use, each with its TypeScript type. Add your own types by declaration
 * merging: `declare module "@miqro/parser" { interface TypeMap { money: string } }`.
 */
export interface TypeMap {
  string: string;
  string1: string;
  email: string;
  url: string;
  uuid: string;
  regex: string;
  encodeHTML: string;
  decodeHTML: string;
  number: number;
  integer: number;
  bigint: bigint;
  boolean: boolean;
  date: Date;
  datetime: Date;
  any: unknown;
  unknown: unknown;
  null: null;
  function: (...args: never[]) => unknown;
  object: Record<string, unknown>;
  array: unknown[];
  dict: Record<string, unknown>;
}

/** The name of a type that needs no keys of a long form. */
export type TypeName = keyof TypeMap;

/** The types of this package. */
export type BuiltInName =
  | "string"
  | "string1"
  | "email"
  | "url"
  | "uuid"
  | "regex"
  | "encodeHTML"
  | "decodeHTML"
  | "number"
  | "integer"
  | "bigint"
  | "boolean"
  | "date"
  | "datetime"
  | "any"
  | "unknown"
  | "null"
  | "function"
  | "object"
  | "array"
  | "dict";

const names: Record<BuiltInName, true> = {
  string: true,
  string1: true,
  email: true,
  url: true,
  uuid: true,
  regex: true,
  encodeHTML: true,
  decodeHTML: true,
  number: true,
  integer: true,
  bigint: true,
  boolean: true,
  date: true,
  datetime: true,
  any: true,
  unknown: true,
  null: true,
  function: true,
  object: true,
  array: true,
  dict: true,
};

/** The types of the short form, in the order in which error messages list them. */
export const typeNames: readonly string[] = Object.keys(names);

/** The types that need a long form, each with its required key. */
export const formOnlyTypes: ReadonlyMap<string, string> = new Map([
  ["enum", "values"],
  ["literal", "value"],
  ["union", "anyOf"],
  ["ref", "ref"],
]);

export function isBuiltInName(name: string): name is BuiltInName {
  return Object.hasOwn(names, name);
}
