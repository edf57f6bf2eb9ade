/** One alternative of a short form. */
export interface TypeTerm {
  readonly name: string;
  /** The array suffixes, from the innermost to the outermost: true for `[]!`, which wraps a single value. */
  readonly lists: readonly boolean[];
  readonly optional: boolean;
}

/**
 * Splits a short form such as `A|B[]!?` into its parts. It does not check the names of the types. Returns undefined if
 * the syntax is wrong.
 */
export function parseTypeText(text: string): readonly TypeTerm[] | undefined {
  const terms: TypeTerm[] = [];
  for (const part of text.split("|")) {
    const term = parseTerm(part);
    if (term === undefined) return undefined;
    terms.push(term);
  }
  return terms;
}

function parseTerm(text: string): TypeTerm | undefined {
  const optional = text.endsWith("?");
  let rest = optional ? text.slice(0, -1) : text;
  const lists: boolean[] = [];
  while (rest.endsWith("]") || rest.endsWith("!")) {
    const wrap = rest.endsWith("!");
    const suffix = wrap ? "[]!" : "[]";
    if (!rest.endsWith(suffix)) return undefined;
    lists.unshift(wrap);
    rest = rest.slice(0, -suffix.length);
  }
  return /^[A-Za-z][A-Za-z0-9]*$/.test(rest) ? { name: rest, lists, optional } : undefined;
}
