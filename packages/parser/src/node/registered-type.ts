/**
 * A type of a parser's own: a schema, or a function that returns the parsed value, or undefined for a value that does
 * not fit.
 */
export type RegisteredType =
  | { readonly schema: unknown; readonly parse?: undefined }
  | { readonly parse: (value: unknown) => unknown };

/** The types of a parser by name. */
export type TypeRegistry = ReadonlyMap<string, RegisteredType>;
