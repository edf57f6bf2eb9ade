import { basename } from "node:path";
import type { Token } from "marked";
import { decodeReferences, toHTMLText } from "./html-text.js";
import type { MarkdownPage } from "./read-page.js";
import { readTrusted, renderTrusted } from "./render-markdown.js";

/** A Markdown file as HTML, without a document around it. */
export interface PageContent {
  readonly title: string;
  readonly description: string | undefined;
  readonly lang: string;
  readonly date?: string | undefined;
  readonly html: string;
}

/**
 * Renders the text of a Markdown file of the project. The front matter may contain `title` (default: the first
 * heading), `description`, `date` and `lang` (default: `en`).
 * @param file - the path of the file, for the title of a page without another title
 */
export function renderPageContent({ values, body }: MarkdownPage, file: string): PageContent {
  const tokens = readTrusted(body);
  const { description, lang = "en", date } = values;
  const title = values.title ?? firstHeading(tokens) ?? basename(file).replace(/\.html\.md$|\.md$/, "");
  return { title, description, lang, ...(date === undefined ? {} : { date }), html: renderTrusted(tokens) };
}

/** Puts a plain document around a page that has no layout. */
export function toDocument({ title, description, lang, date, html }: PageContent): string {
  return [
    "<!DOCTYPE html>",
    `<html lang="${toHTMLText(lang)}">`,
    "<head>",
    '<meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<title>${toHTMLText(title)}</title>`,
    ...(description === undefined ? [] : [`<meta name="description" content="${toHTMLText(description)}">`]),
    ...(date === undefined ? [] : [`<meta property="article:published_time" content="${toHTMLText(date)}">`]),
    "</head>",
    "<body>",
    `<main>\n${html}</main>`,
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
