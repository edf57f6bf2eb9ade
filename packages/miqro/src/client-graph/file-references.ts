import { parse } from "es-module-lexer";

/** A file that is named by a path relative to the file that contains the name. */
export interface FileReference {
  readonly specifier: string;
  /** The part of the text to replace, quotes included. */
  readonly start: number;
  readonly end: number;
  /** The characters around it in the text, or the characters that it needs. */
  readonly quote: string;
}

const styleReference =
  /\/\*[\s\S]*?\*\/|url\(\s*("[^"\\\n]*"|'[^'\\\n]*'|[^\s"'()\\]+)\s*\)|@import\s+("[^"\\\n]*"|'[^'\\\n]*')/g;
const call = /(?<![\w$.])importScripts(?=\s*\(\s*["'])/g;

/** The fonts, images and style sheets that a style sheet names. */
export function findStyleReferences(text: string): readonly FileReference[] {
  return Array.from(text.matchAll(styleReference)).flatMap((match) => {
    const written = match[1] ?? match[2];
    if (written === undefined) return [];
    const start = match.index + match[0].indexOf(written);
    const specifier = /^["']/.test(written) ? written.slice(1, -1) : written;
    return { specifier, start, end: start + written.length, quote: '"' };
  });
}

/** The scripts that a classic worker loads, if their names are strings. */
export function findImportScripts(text: string): readonly FileReference[] {
  const calls = new Set(Array.from(text.matchAll(call), ({ index }) => index));
  if (calls.size === 0) return [];
  // A lexer reports each `import()`, but not those in strings or comments.
  const probe = text.replace(call, "import       ");
  try {
    return parse(probe)[0].flatMap((record) =>
      record.type === "dynamic" && record.specifier !== undefined && calls.has(record.importStart)
        ? { specifier: record.specifier, start: record.start, end: record.end, quote: '"' }
        : [],
    );
  } catch {
    return [];
  }
}
