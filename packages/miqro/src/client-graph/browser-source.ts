import { parse } from "es-module-lexer";

/** A part of a text and its replacement. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

// This excludes assignments to it, and properties of other objects with this name.
const nodeEnv =
  /(?<![\w$.#])process(?:\.|\?\.)env(?:(?:\.|\?\.)NODE_ENV(?![\w$])|(?:\?\.)?\["NODE_ENV"\]|(?:\?\.)?\['NODE_ENV'\])(?!\s*=(?!=))/g;
const sourceMapComment = /\/\/[#@] ?sourceMappingURL=[^\n\r]*|\/\*[#@] ?sourceMappingURL=[^*\n\r]*\*\//g;

/**
 * Turns compiled JavaScript into code that a browser can run: `process.env.NODE_ENV` becomes a string, and comments
 * with the name of a source map are removed, because the map is not served. Imports stay as they are.
 * @param source the text of a module; the lexer must be ready
 * @param environment the value of `NODE_ENV`
 */
export function toBrowserSource(source: string, environment: string): string {
  const text = source.startsWith("\uFEFF") ? source.slice(1) : source;
  return applyEdits(text, browserEdits(text, environment));
}

/** The edits that turn a text without a byte order mark into the result of {@link toBrowserSource}. */
export function browserEdits(text: string, environment: string): readonly Edit[] {
  const edits: Edit[] = [
    ...findEdits(text, nodeEnv, JSON.stringify(environment), "NODE_ENV"),
    ...findEdits(text, sourceMapComment, "", "sourceMappingURL"),
  ];
  if (edits.length === 0) return edits;
  const code = positionsInCode(text, edits);
  return edits.filter((edit) => code.has(edit.start));
}

/** Replaces parts of a text. A part that begins inside another part is skipped. */
export function applyEdits(text: string, edits: readonly Edit[]): string {
  let result = "";
  let position = 0;
  for (const edit of edits.toSorted((one, other) => one.start - other.start)) {
    if (edit.start < position) continue;
    result += text.slice(position, edit.start) + edit.text;
    position = edit.end;
  }
  return result + text.slice(position);
}

function findEdits(text: string, pattern: RegExp, replacement: string, word: string): Edit[] {
  if (!text.includes(word)) return [];
  return Array.from(text.matchAll(pattern), (match) => ({
    start: match.index,
    end: match.index + match[0].length,
    text: replacement,
  }));
}

/**
 * Finds the parts that are code, and not inside a string, a template, a regular expression or a comment. Only a lexer
 * of the language can decide this. The lexer reports each `import.meta`, so it reads a copy of the text in which each
 * part is replaced by `import.meta`. A comment becomes an additional statement in the copy.
 */
function positionsInCode(text: string, parts: readonly Edit[]): ReadonlySet<number> {
  const probes = parts.map(({ start, end, text: replacement }) => {
    const probe = replacement === "" ? " import.meta;" : "import.meta";
    return { start, end, text: probe.padEnd(end - start) };
  });
  const found = new Set<number>();
  try {
    for (const { type, start } of parse(applyEdits(text, probes))[0]) {
      if (type === "import-meta") found.add(start).add(start - 1);
    }
  } catch {
    // The text was invalid from the start, and the next reader of it reports that.
  }
  return found;
}
