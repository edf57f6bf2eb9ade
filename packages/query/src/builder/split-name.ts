/** A name and its schema, if there is one. The last dot divides them. */
export function splitName(name: string): { readonly schema: string | undefined; readonly name: string } {
  const dot = name.lastIndexOf(".");
  return dot === -1 ? { schema: undefined, name } : { schema: name.slice(0, dot), name: name.slice(dot + 1) };
}
