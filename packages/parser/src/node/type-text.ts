/** A short form taken apart. */
export interface TypeTerm {
  readonly name: string;
  /** The list suffixes, innermost first: whether each wraps a single value. */
  readonly lists: readonly boolean[];
  readonly optional: boolean;
}

/**
 * Splits `A|B[]!?` into its parts, without knowing the names. Returns undefined if the text does not follow the
 * grammar.
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
