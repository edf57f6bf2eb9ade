/** A text and what stands above it between two lines of `---`. */
export interface FrontMatter {
  /** The values by key; empty where there is no front matter. */
  readonly values: ReadonlyMap<string, string>;
  /** The text without the front matter. */
  readonly body: string;
}

const opening = /^\uFEFF?---[ \t]*\r?\n/;
// The end of its line, or of the text.
const closing = /^---[ \t]*(?:\r?\n|(?![\s\S]))/m;

/**
 * Takes the front matter off a text: lines of `key: value` between two lines of `---`, the first of which is the
 * first of the text. A value may stand in quotes; blank lines and lines that begin with `#` mean nothing.
 * @throws {SyntaxError} when a line is not `key: value`, or a key stands there twice
 */
export function parseFrontMatter(text: string): FrontMatter {
  const start = opening.exec(text)?.[0].length ?? 0;
  const rest = text.slice(start);
  const end = start === 0 ? null : closing.exec(rest);
  if (end === null) return { values: new Map(), body: text };
  const values = new Map<string, string>();
  for (const [index, line] of rest.slice(0, end.index).split(/\r?\n/).entries()) {
    if (/^\s*(#|$)/.test(line)) continue;
    const [, key, value = ""] = /^([\w-]+)[ \t]*:(?:[ \t]+(.*))?$/.exec(line) ?? [];
    if (key === undefined || values.has(key)) {
      const problem =
        key === undefined ? `must be "key: value", received: ${line.trim()}` : `repeats "${key}"`;
      throw new SyntaxError(
        `Line ${index + 2} of the front matter ${problem}; correct it, or begin the text with an empty line if it has no front matter.`,
      );
    }
    values.set(key, unquoted(value.trim()));
  }
  return { values, body: rest.slice(end.index + end[0].length) };
}

function unquoted(value: string): string {
  return /^(["']).*\1$/.test(value) && value.length > 1 ? value.slice(1, -1) : value;
}
