import type { ResponseDeclaration, RouteOptions } from "@miqro/core";
import type { JSONSchema, Schema } from "@miqro/parser";
import type { DeclaredResponse } from "./model.js";
import { propertiesOf, resolveSchema } from "./resolve-schema.js";
import type { SchemaCollection } from "./schema-collection.js";

// The answers of files. The key is the kind of the file.
const mediaTypes: Readonly<Record<string, string>> = {
  page: "text/html",
  markdown: "text/html",
  json: "application/json",
  client: "text/javascript",
  "css-bundle": "text/css",
};

/** Reads the answers of a route; undefined if the route may answer anything. */
export function readResponse(
  { response }: RouteOptions,
  { id, kind }: { readonly id: string; readonly kind: string },
  collection: SchemaCollection,
): DeclaredResponse | undefined {
  const usual = mediaTypes[kind];
  if (response === undefined) {
    if (usual === undefined) return undefined;
    return { statuses: [200], headers: [], body: { mediaTypes: [usual], schema: {} } };
  }
  const { status, body, headers } = response;
  const write = (part: Schema | readonly Schema[]): JSONSchema =>
    collection.write(part, { direction: "output", mode: "remove_extra", owner: id });
  const statuses = status === undefined ? (body === false ? [200, 204] : [200]) : [status].flat();
  return {
    statuses: [...new Set(statuses)].sort((a, b) => a - b),
    headers: headers === undefined ? [] : readHeaders(write(headers), collection),
    ...(body === false ? {} : { body: readBody(body, write, usual, collection) }),
  };
}

function readBody(
  body: Exclude<ResponseDeclaration["body"], false>,
  write: (part: Schema | readonly Schema[]) => JSONSchema,
  usual: string | undefined,
  { schemas }: SchemaCollection,
): NonNullable<DeclaredResponse["body"]> {
  const schema = body === undefined || body === true ? {} : write(body as Schema | readonly Schema[]);
  if (Object.keys(schema).length === 0) return { mediaTypes: [usual ?? "*/*"], schema };
  if (usual !== undefined) return { mediaTypes: [usual], schema };
  // `res.json` sends a string as JSON. A returned string is sent as plain text.
  const isText = resolveSchema(schema, schemas).type === "string";
  return { mediaTypes: isText ? ["application/json", "text/plain"] : ["application/json"], schema };
}

function readHeaders(schema: JSONSchema, { schemas }: SchemaCollection): DeclaredResponse["headers"] {
  return (propertiesOf(schema, schemas) ?? []).map((one) => ({ in: "header", ...one }));
}
