import { basename } from "node:path";
import type { Token } from "marked";
import { decodeReferences, toHtmlText } from "./html-text.js";
import { readPageHead } from "./page-head.js";
import { readTrusted, renderTrusted } from "./render-markdown.js";

/** A Markdown file of the project. */
export interface MarkdownPageOptions {
  /** Its text. */
  readonly source: string;
  /** Its path, for the title of a page that has no other. */
  readonly file: string;
}

/**
 * Renders a Markdown file of the project to a whole HTML document. The front matter may give `title` (else the first
 * heading is the title), `description` and `lang` (`en` by default).
 * @throws {MiqroError} when `readPageHead` does
 */
export function renderMarkdownPage({ source, file }: MarkdownPageOptions): string {
  const { values, body } = readPageHead(source);
  const tokens = readTrusted(body);
  const title =
    values.get("title") ?? firstHeading(tokens) ?? basename(file).replace(/\.html\.md$|\.md$/, "");
  const description = values.get("description");
  return [
    "<!DOCTYPE html>",
    `<html lang="${toHtmlText(values.get("lang") ?? "en")}">`,
    "<head>",
    '<meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<title>${toHtmlText(title)}</title>`,
    ...(description === undefined ? [] : [`<meta name="description" content="${toHtmlText(description)}">`]),
    "</head>",
    "<body>",
    `<main>\n${renderTrusted(tokens)}</main>`,
    "</body>",
    "</html>",
    "",
  ].join("\n");
}

function firstHeading(tokens: readonly Token[]): string | undefined {
  const heading = tokens.find((token) => token.type === "heading");
  return heading && decodeReferences(toPlainText(heading)).trim();
}

function toPlainText(token: Token): string {
  if (token.type === "html" || token.type === "br") return token.type === "br" ? " " : "";
  if ("tokens" in token && token.tokens !== undefined) return token.tokens.map(toPlainText).join("");
  return "text" in token && typeof token.text === "string" ? token.text : "";
}
