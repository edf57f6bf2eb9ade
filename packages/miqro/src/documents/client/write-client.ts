import type { JSONSchema } from "@miqro/parser";
import { type APIModel, isBodiless, type Operation, type Parameter } from "../model.js";
import { runtime } from "./runtime.js";
import { keyText, objectText, toTypeText } from "./type-text.js";

/** Writes a TypeScript module with a typed client that needs only `fetch`. */
export function writeClient(model: APIModel): string {
  const { title, version, operations, schemas, servers } = model;
  const types = operations.flatMap((operation) => {
    const type = operation.body?.mediaTypes[0];
    return type === undefined || type === "application/json" ? [] : [[keyOf(operation), type] as const];
  });
  return [
    `// Written by miqro --generate-client: write it again instead of changing it.\n/* eslint-disable */\n`,
    `// ${oneLine(`${title} ${version}`)}\n`,
    `/** The requests and responses of each route, by its method and its path. */`,
    `export interface Routes {\n${operations.map(writeRoute).join("\n")}\n}\n`,
    `/** The types that refer to themselves. */`,
    `export interface Schemas {\n${Object.entries(schemas).map(writeSchema).join("\n")}\n}\n`,
    runtime,
    `const defaultURL = ${JSON.stringify(servers[0] ?? "")};\n`,
    `/** The routes whose bodies are not JSON. */`,
    `const bodyTypes: Readonly<Record<string, string | undefined>> = {${types.map(([key, type]) => `\n  ${JSON.stringify(key)}: ${JSON.stringify(type)},`).join("")}${types.length === 0 ? "" : "\n"}};\n`,
  ].join("\n");
}

function keyOf({ method, path }: Operation): string {
  return `${method} ${path}`;
}

function writeRoute(operation: Operation): string {
  const { name, description, deprecated } = operation;
  const lines = [name, description, deprecated ? "@deprecated" : undefined].filter(
    (one) => one !== undefined,
  );
  const comment =
    lines.length === 0 ? "" : `  /** ${lines.map(oneLine).join(" - ").replace(/\*\//g, "*\\/")} */\n`;
  return `${comment}  ${JSON.stringify(keyOf(operation))}: { input: ${writeInput(operation)}; answers: ${writeAnswers(operation)} };`;
}

function writeInput({ parameters, body }: Operation): string {
  const places = (["path", "query", "header"] as const).flatMap((place) => {
    const some = parameters.filter((one) => one.in === place);
    if (some.length === 0) return [];
    const isRequired = some.some((one) => one.isRequired);
    return [{ name: names[place], isRequired, text: writeParameters(some) }];
  });
  const all = [...places, ...(body === undefined ? [] : [writeBody(body)])];
  return all.length === 0 ? "{}" : objectText(all);
}

const names = { path: "params", query: "query", header: "headers" } as const;

function writeParameters(parameters: readonly Parameter[]): string {
  const [whole] = parameters.filter((one) => one.isWholeQuery === true);
  if (whole !== undefined) return toTypeText(whole.schema);
  return objectText(
    parameters.map(({ name, isRequired, schema }) => ({ name, isRequired, text: toTypeText(schema) })),
  );
}

function writeBody({
  isRequired,
  mediaTypes,
  schema,
}: NonNullable<Operation["body"]>): Parameters<typeof objectText>[0][0] {
  const [type] = mediaTypes;
  // Static files have no JSON body.
  const text = type === "multipart/form-data" ? "FormData" : toTypeText(schema);
  return { name: "body", isRequired, text };
}

function writeAnswers({ response }: Operation): string {
  if (response === undefined) return "{ [status: number]: unknown }";
  const { statuses, body } = response;
  const members = statuses.map((status) => {
    const text = body === undefined || isBodiless(status) ? "undefined" : toTypeText(body.schema);
    return `${status}: ${text}`;
  });
  return `{ ${members.join("; ")} }`;
}

function writeSchema([name, schema]: readonly [string, JSONSchema]): string {
  return `  ${keyText(name)}: ${toTypeText(schema)};`;
}

function oneLine(text: string): string {
  return text
    .replace(/\s+/g, " ")
    .replace(/[\u2028\u2029]/g, " ")
    .trim();
}
