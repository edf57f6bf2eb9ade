import {
  isAlias,
  isMap,
  isScalar,
  LineCounter,
  type Node,
  type Pair,
  parseDocument,
  type YAMLError,
} from "yaml";
import { didYouMean } from "../options/did-you-mean.js";
import { FrontMatterError, type FrontMatterFault } from "./front-matter.js";

/** The keys that the front matter of a page may have. */
export interface PageValues {
  readonly title?: string;
  readonly description?: string;
  readonly lang?: string;
  readonly layout?: string;
  /** The date of publication, in ISO 8601. */
  readonly date?: string;
}

const known: readonly string[] = [
  "title",
  "description",
  "lang",
  "layout",
  "date",
] satisfies (keyof PageValues)[];

const ruleHint = "Put an empty line above the first --- if there is meant to be no front matter.";

/**
 * Reads the YAML of a page's front matter. Values keep the text of the file, so that `1.10` keeps its zero. A key
 * without a value counts as absent.
 * @throws {FrontMatterError} with every line that is not YAML, and every key that is unknown or whose value is not a
 * text
 */
export function parsePageValues(yaml: string): PageValues {
  const lines = new LineCounter();
  const document = parseDocument(yaml, { lineCounter: lines, prettyErrors: false });
  // The YAML begins in line 2 of the file. A missing key is reported at the end, which is after the last key.
  const end = yaml.trimEnd().length;
  const lineAt = (offset: number): number => lines.linePos(Math.min(offset, end)).line + 1;
  const faults: FrontMatterFault[] = [...document.errors, ...document.warnings].map((error) => ({
    line: lineAt(error.pos[0]),
    message: `the front matter is not YAML: ${sentence(error.message)}${remedyOf(error)}`,
  }));
  const { contents } = document;
  const textOf = (node: Node): string | undefined => toText(isAlias(node) ? node.resolve(document) : node);
  const values: Record<string, string> = {};
  if (faults.length === 0 && isMap(contents)) {
    for (const pair of contents.items as Pair<Node, Node | null>[]) {
      const line = lineAt(pair.key.range?.[0] ?? 0);
      const key = isScalar(pair.key) ? String(pair.key.value) : String(pair.key);
      const value = pair.value === null ? undefined : (pair.value as Node);
      const text = value === undefined ? undefined : textOf(value);
      if (!known.includes(key)) {
        faults.push({
          line,
          message: `unknown key "${key}" in the front matter. ${didYouMean(key, known)}`,
        });
      } else if (value !== undefined && text === undefined && !isNothing(value)) {
        faults.push({ line, message: `"${key}" must be a string. Put the value in quotes.` });
      } else if (text !== undefined && key === "date" && !isDate(text)) {
        faults.push({
          line,
          message: `"date" must be a date such as 2026-11-26 or 2026-11-26T10:00:00Z, received: "${text}".`,
        });
      } else if (text !== undefined) values[key] = text;
    }
  } else if (faults.length === 0 && contents !== null && !isNothing(contents)) {
    const line = lineAt(contents.range?.[0] ?? 0);
    faults.push({
      line,
      message: `the front matter must be keys and values, such as "title: Guide" with a space after the colon. ${ruleHint}`,
    });
  }
  if (faults.length > 0) throw new FrontMatterError(faults.sort((a, b) => a.line - b.line));
  return values;
}

function isDate(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}(?:T|$)/.test(text) && !Number.isNaN(Date.parse(text));
}

function isNothing(node: Node): boolean {
  return isScalar(node) && node.value === null;
}

function toText(node: Node | undefined): string | undefined {
  if (!isScalar(node) || node.value === null) return undefined;
  // The line break at the end of a block is not part of a title.
  if (typeof node.value === "string") return node.value.trimEnd();
  return node.source ?? String(node.value);
}

function sentence(message: string): string {
  return /[.!?]$/.test(message) ? message : `${message}.`;
}

function remedyOf({ code }: YAMLError): string {
  if (code === "BLOCK_AS_IMPLICIT_KEY") return ' Put a value that has ": " in it in quotes.';
  if (code === "BAD_SCALAR_START") return " Put the value in quotes.";
  return "";
}
