import { codeSpan, escapeMarkdown } from "./inline-text.js";
import { anchorOf } from "./markdown.js";
import type { APIModel } from "./model.js";

/** A document of the same API at another path. */
export interface OtherDocument {
  readonly path: string;
  readonly type: string;
}

/**
 * Writes `llms.txt`, a short text for language models: it lists the routes, and the documents with the details.
 * @param others - the documents that are published beside it
 */
export function writeLLMs(model: APIModel, others: readonly OtherDocument[] = []): string {
  const { title, description, version, operations } = model;
  const markdown = others.find(({ type }) => type === "MD");
  const blocks = [
    `# ${escapeMarkdown(title)}`,
    `> ${escapeMarkdown(description ?? `The HTTP API, version ${version}.`)}`,
  ];
  const documents = others.flatMap(({ path, type }) => {
    const words = descriptions[type];
    return words === undefined ? [] : [`- [${escapeMarkdown(path)}](${encodeURI(path)}): ${words}`];
  });
  if (documents.length > 0) blocks.push("## Documents", documents.join("\n"));
  const routes = operations.map((operation) => {
    const route = codeSpan(`${operation.method} ${operation.path}`);
    const link =
      markdown === undefined ? route : `[${route}](${encodeURI(markdown.path)}#${anchorOf(operation)})`;
    const about = [operation.name, operation.description].filter((one) => one !== undefined);
    return `- ${link}${about.length === 0 ? "" : `: ${about.map(escapeMarkdown).join(". ").replace(/\.\. /g, ". ")}`}`;
  });
  if (routes.length > 0) blocks.push("## Routes", routes.join("\n"));
  return `${blocks.join("\n\n")}\n`;
}

const descriptions: Readonly<Record<string, string>> = {
  MD: "every route with its parameters, bodies and answers, in Markdown",
  JSON: "the same as JSON",
  HTML: "the same as a page for people",
  OPENAPI: "the same as OpenAPI 3.1, with JSON Schema",
};
