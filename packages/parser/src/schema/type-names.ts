/** The names that a short form can use, each with the TypeScript type that it stands for. */
export interface TypeMap {
  string: string;
  string1: string;
  email: string;
  uuid: string;
  number: number;
  integer: number;
  boolean: boolean;
  any: unknown;
  unknown: unknown;
  null: null;
  function: (...args: never[]) => unknown;
  object: Record<string, unknown>;
  array: unknown[];
  dict: Record<string, unknown>;
}

/** A type that can stand alone, without the keys of a long form. */
export type TypeName = keyof TypeMap;

const names: Record<TypeName, true> = {
  string: true,
  string1: true,
  email: true,
  uuid: true,
  number: true,
  integer: true,
  boolean: true,
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

/** The types that need more than a name, each with the key that it cannot do without. */
export const formOnlyTypes: ReadonlyMap<string, string> = new Map([
  ["enum", "values"],
  ["literal", "value"],
  ["union", "anyOf"],
]);

export function isTypeName(name: string): name is TypeName {
  return Object.hasOwn(names, name);
}
