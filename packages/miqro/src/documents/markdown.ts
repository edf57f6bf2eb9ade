import type { JSONSchema } from "@miqro/parser";
import { describeSchema, listSchema, typeText } from "./describe-schema.js";
import { describeSecurity } from "./describe-security.js";
import { codeSpan, escapeMarkdown } from "./inline-text.js";
import { type APIModel, answersOf, type Operation, type Parameter } from "./model.js";

/** Writes a document in Markdown: a table of all routes, then a section for each. */
export function writeMarkdown(model: APIModel): string {
  const { title, version, description, operations } = model;
  const head = [`# ${escapeMarkdown(title)}`, `Version ${codeSpan(version)}`];
  if (description !== undefined) head.push(escapeMarkdown(description));
  if (operations.length === 0) head.push("There are no routes.");
  else {
    head.push(
      table(
        ["route", "name"],
        operations.map((operation) => [
          `[${codeSpan(titleOf(operation))}](#${anchorOf(operation)})`,
          escapeMarkdown(operation.name ?? ""),
        ]),
      ),
    );
  }
  return `${[...head, ...operations.flatMap((operation) => writeOperation(operation, model))].join("\n\n")}\n`;
}

/** The anchor of an operation in a document. */
export function anchorOf({ id }: Operation): string {
  return encodeURIComponent(id);
}

function titleOf({ method, path }: Operation): string {
  return `${method} ${path}`;
}

function writeOperation(operation: Operation, model: APIModel): string[] {
  const { schemas } = model;
  const { name, description, deprecated, parameters, body, response } = operation;
  const blocks = [`<a id="${anchorOf(operation)}"></a>`, `## ${codeSpan(titleOf(operation))}`];
  if (name !== undefined) blocks.push(`**${escapeMarkdown(name)}**`);
  if (deprecated) blocks.push("Deprecated.");
  if (description !== undefined) blocks.push(escapeMarkdown(description));
  if (operation.tags.length > 0) blocks.push(`Tags: ${operation.tags.map(escapeMarkdown).join(", ")}`);
  for (const sentence of describeSecurity(operation, model)) blocks.push(escapeMarkdown(sentence));
  for (const [place, heading] of places) {
    const some = parameters.filter((one) => one.in === place);
    if (some.length > 0) blocks.push(`### ${heading}`, parameterTable(some, schemas));
  }
  if (body !== undefined) {
    blocks.push(
      `### Body`,
      `${body.mediaTypes.map((type) => codeSpan(type)).join(", ")}${body.isRequired ? "" : ", may be left out"}`,
    );
    blocks.push(...schemaTable(body.schema, schemas));
  }
  for (const answer of answersOf(response)) {
    blocks.push(`### Response ${answer.statuses.join(", ")}`);
    if (answer.headers.length > 0) blocks.push("Headers:", parameterTable(answer.headers, schemas));
    if (answer.body === undefined) blocks.push("No body.");
    else {
      blocks.push(
        answer.body.mediaTypes.map((type) => codeSpan(type)).join(", "),
        ...schemaTable(answer.body.schema, schemas),
      );
    }
  }
  return blocks;
}

const places = [
  ["path", "Path"],
  ["query", "Query"],
  ["header", "Headers"],
] as const;

function parameterTable(parameters: readonly Parameter[], schemas: APIModel["schemas"]): string {
  return table(
    ["name", "type", "required", "description"],
    parameters.map((one) => [
      one.isWholeQuery === true ? "any name" : codeSpan(one.name),
      codeSpan(typeText(one.schema, schemas), true),
      one.isRequired ? "yes" : "",
      escapeMarkdown(describeSchema(one.schema, schemas)),
    ]),
  );
}

function schemaTable(schema: JSONSchema, schemas: APIModel["schemas"]): string[] {
  if (Object.keys(schema).length === 0) return [];
  const rows = listSchema(schema, schemas);
  if (rows.length === 0) return ["An empty object."];
  return [
    table(
      ["name", "type", "required", "description"],
      rows.map(({ path, type, isRequired, description }) => [
        path === "" ? "" : codeSpan(path),
        codeSpan(type, true),
        isRequired ? "yes" : "",
        escapeMarkdown(description),
      ]),
    ),
  ];
}

function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [heads, heads.map(() => "---"), ...rows];
  return lines.map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}
