/** A name and the schema that stands before it, if there is one: the last dot divides them. */
export function splitName(name: string): { readonly schema: string | undefined; readonly name: string } {
  const dot = name.lastIndexOf(".");
  return dot === -1 ? { schema: undefined, name } : { schema: name.slice(0, dot), name: name.slice(dot + 1) };
}
