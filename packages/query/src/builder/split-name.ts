/** Splits a name at its last dot into the schema and the name. */
export function splitName(name: string): { readonly schema: string | undefined; readonly name: string } {
  const dot = name.lastIndexOf(".");
  return dot === -1 ? { schema: undefined, name } : { schema: name.slice(0, dot), name: name.slice(dot + 1) };
}
