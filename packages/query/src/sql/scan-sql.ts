import { QueryArgumentError } from "../errors.js";

/** The properties of a statement that `scanSQL` finds in its text. */
export interface ScannedSQL {
  /** The text between the placeholders. There is always one segment more than there are placeholders. */
  readonly segments: string[];
  /** Its first words in upper case, at most four. */
  readonly words: readonly string[];
  /** Whether the text contains the word RETURNING. */
  readonly returning: boolean;
  /** The number of statements. A trigger with its body is one statement. */
  readonly statements: number;
  /**
   * Returns one value per placeholder, in the order of the text. Throws if the caller gave a wrong number of values.
   */
  arrange(params: readonly unknown[]): readonly unknown[];
}

// The first alternatives match tokens in which a placeholder or a semicolon has no meaning, such as literals. A literal
// without an end reaches to the end of the text. The pattern is the same for SQLite and PostgreSQL, because a quote of
// one is not valid SQL in the other. Only brackets differ: in PostgreSQL, brackets after a value contain array
// elements.
const token = new RegExp(
  [
    /[eE]'(?:[^'\\]|\\[\s\S]|'')*(?:'|$)/,
    /'[^']*(?:''[^']*)*(?:'|$)/,
    /"[^"]*(?:""[^"]*)*(?:"|$)/,
    /`[^`]*(?:``[^`]*)*(?:`|$)/,
    /(?<![\w\])"]|\bARRAY\s+)\[[^\]]*(?:\]|$)/,
    /\$(?<tag>(?:[A-Za-z_]\w*)?)\$[\s\S]*?(?:\$\k<tag>\$|$)/,
    /--[^\n]*/,
    /\/\*[\s\S]*?(?:\*\/|$)/,
    /::/,
    /[?$:@]\w*/,
    /;/,
    /[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*/,
    /\S/,
  ]
    .map((part) => part.source)
    .join("|"),
  "gi",
);

/**
 * Finds the placeholders, the first words and the number of statements. Skips literals, quoted identifiers and
 * comments.
 */
export function scanSQL(sql: string): ScannedSQL {
  const segments: string[] = [];
  const positions: number[] = [];
  const words: string[] = [];
  let numbered = false;
  let sequential = 0;
  let segmentStart = 0;
  let statements = 0;
  let inStatement = false;
  let returning = false;
  for (const match of sql.matchAll(token)) {
    const text = match[0];
    const first = text[0] as string;
    if (text.startsWith("--") || text.startsWith("/*")) continue;
    if (first === ";") {
      inStatement &&= isTrigger(words);
      continue;
    }
    if (!inStatement) {
      inStatement = true;
      statements++;
    }
    if (match.groups?.tag !== undefined) continue;
    if (first === "?" || first === "$") {
      if (text === "?") positions.push(sequential++);
      else if (/^\$[1-9]\d{0,4}$/.test(text)) positions.push(Number(text.slice(1)) - 1);
      else throw unknownPlaceholder(text);
      numbered ||= first === "$";
      segments.push(sql.slice(segmentStart, match.index));
      segmentStart = match.index + text.length;
    } else if ((first === ":" || first === "@") && text !== "::" && text.length > 1) {
      throw unknownPlaceholder(text);
    } else if (/[A-Za-z_]/.test(first) && !text.includes("'")) {
      if (words.length < 4) words.push(text.toUpperCase());
      returning ||= text.length === 9 && text.toUpperCase() === "RETURNING";
    }
  }
  if (numbered && sequential > 0) {
    throw new QueryArgumentError("The SQL mixes `?` with `$1` placeholders; use one kind.");
  }
  segments.push(sql.slice(segmentStart));
  const expected = numbered ? Math.max(...positions) + 1 : sequential;

  function arrange(params: readonly unknown[]): readonly unknown[] {
    if (params.length !== expected) {
      throw new QueryArgumentError(
        `The SQL has placeholders for ${expected} parameter(s), but ${params.length} were given.`,
      );
    }
    return numbered ? positions.map((position) => params[position]) : params;
  }
  return { segments, words, statements, returning, arrange };
}

function isTrigger(words: readonly string[]): boolean {
  return words[0] === "CREATE" && words.slice(1).includes("TRIGGER");
}

function unknownPlaceholder(text: string): QueryArgumentError {
  return new QueryArgumentError(
    `The SQL has the placeholder ${text}; use ? or $1 and an array of parameters.`,
  );
}
