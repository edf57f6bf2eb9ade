/**
 * A type that `registerType` adds to a parser. It is a schema or a function. The function returns the parsed value, or
 * undefined if the value does not fit.
 */
export type RegisteredType =
  | { readonly schema: unknown; readonly parse?: undefined }
  | { readonly parse: (value: unknown) => unknown };

/** The types of a parser by name. */
export type TypeRegistry = ReadonlyMap<string, RegisteredType>;
