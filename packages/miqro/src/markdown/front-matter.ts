import { MiqroError } from "../errors.js";

/** A text, and the YAML above it between two lines of `---`. */
export interface FrontMatter {
  /** The YAML, which begins in line 2 of the file; undefined if there is no front matter. */
  readonly yaml: string | undefined;
  /** The text without the front matter. */
  readonly body: string;
}

const opening = /^---[ \t]*(?:\r?\n|(?![\s\S]))/;
// The end of the line of `---`, or of the text.
const closing = /^---[ \t]*(?:\r?\n|(?![\s\S]))/m;

/** A problem of the front matter of a file. */
export interface FrontMatterFault {
  /** The line, counted from 1 in the whole file. */
  readonly line: number;
  /** The problem and its remedy, in full sentences. */
  readonly message: string;
}

/** The front matter of a file is not valid. The error lists all problems. */
export class FrontMatterError extends MiqroError {
  readonly faults: readonly FrontMatterFault[];

  constructor(faults: readonly FrontMatterFault[], options?: ErrorOptions) {
    super("MIQRO_SERVICE", faults.map(({ line, message }) => `line ${line}: ${message}`).join("\n"), options);
    this.name = "FrontMatterError";
    this.faults = faults;
  }
}

/**
 * Splits a text into front matter and content. The front matter is between a first line of `---` and the next such
 * line.
 * @throws {FrontMatterError} if it is not closed
 */
export function splitFrontMatter(text: string): FrontMatter {
  const start = opening.exec(text)?.[0].length ?? 0;
  if (start === 0) return { yaml: undefined, body: text };
  const rest = text.slice(start);
  const end = closing.exec(rest);
  if (end === null) {
    const message =
      'the front matter that begins here is not closed. Write a line "---" below its keys; put an empty line above this one if it is meant to be a rule.';
    throw new FrontMatterError([{ line: 1, message }]);
  }
  return { yaml: rest.slice(0, end.index), body: rest.slice(end.index + end[0].length) };
}
