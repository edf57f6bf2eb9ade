/** A type of a parser's own: a schema, or a function that answers with the parsed value or with undefined. */
export type RegisteredType =
  | { readonly schema: unknown; readonly parse?: undefined }
  | { readonly parse: (value: unknown) => unknown };

/** The types of a parser by name. */
export type TypeRegistry = ReadonlyMap<string, RegisteredType>;
