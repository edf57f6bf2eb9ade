import { QueryArgumentError } from "../errors.js";

/** What the text of a statement says without being parsed. */
export interface ScannedSql {
  /** The text around the placeholders: always one more than there are placeholders. */
  readonly segments: string[];
  /** Its first words in upper case, at most four. */
  readonly words: readonly string[];
  /** How many statements it holds; a trigger with its body is one. */
  readonly statements: number;
  /** One value per placeholder in order of the text, from the values that a caller gave; throws on a wrong count. */
  arrange(params: readonly unknown[]): readonly unknown[];
}

// Everything in which a placeholder or a semicolon is plain text comes first; an unterminated literal reaches the end.
const token =
  /'[^']*(?:''[^']*)*(?:'|$)|"[^"]*(?:""[^"]*)*(?:"|$)|`[^`]*(?:``[^`]*)*(?:`|$)|\[[^\]]*(?:\]|$)|--[^\n]*|\/\*[\s\S]*?(?:\*\/|$)|::|[?$:@]\w*|;|[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*/g;

/** Finds placeholders, first words and statements, passing over literals, quoted identifiers and comments. */
export function scanSql(sql: string): ScannedSql {
  const segments: string[] = [];
  const positions: number[] = [];
  const words: string[] = [];
  let numbered = false;
  let sequential = 0;
  let segmentStart = 0;
  let statements = 0;
  let inStatement = false;
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
    if (first === "?" || first === "$") {
      if (text === "?") positions.push(sequential++);
      else if (/^\$[1-9]\d{0,4}$/.test(text)) positions.push(Number(text.slice(1)) - 1);
      else throw unknownPlaceholder(text);
      numbered ||= first === "$";
      segments.push(sql.slice(segmentStart, match.index));
      segmentStart = match.index + text.length;
    } else if ((first === ":" || first === "@") && text !== "::" && text.length > 1) {
      throw unknownPlaceholder(text);
    } else if (words.length < 4 && /\w/.test(first)) {
      words.push(text.toUpperCase());
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
  return { segments, words, statements, arrange };
}

function isTrigger(words: readonly string[]): boolean {
  return words[0] === "CREATE" && words.slice(1).includes("TRIGGER");
}

function unknownPlaceholder(text: string): QueryArgumentError {
  return new QueryArgumentError(
    `The SQL has the placeholder ${text}; use ? or $1 and an array of parameters.`,
  );
}
