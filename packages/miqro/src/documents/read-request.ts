import { mediaTypesOf, type RequestPart, type RouteOptions } from "@miqro/core";
import { compile, type JSONSchema, type ParserMode, type Schema } from "@miqro/parser";
import type { Operation, Parameter, RequestBody } from "./model.js";
import { paramNames } from "./path-pattern.js";
import { propertiesOf } from "./resolve-schema.js";
import type { SchemaCollection } from "./schema-collection.js";

/** The input of a request, as its route declares it. */
export type RequestParts = Pick<Operation, "parameters" | "body" | "isChecked">;

/** Reads the input of a route. */
export function readRequest(
  { request = {}, middleware = [] }: RouteOptions,
  route: { readonly id: string; readonly path: string },
  collection: SchemaCollection,
): RequestParts {
  const write = (part: RequestPart | undefined, mode: ParserMode): JSONSchema | undefined =>
    part === undefined || typeof part === "boolean"
      ? undefined
      : collection.write(part as Schema, { direction: "input", mode, owner: route.id });
  const { headers, query, params, body } = request;
  const parameters = [
    ...readParams(write(params, request.paramsMode ?? "no_extra"), route.path, collection),
    ...readNamed("query", write(query, request.queryMode ?? "no_extra"), collection),
    ...readNamed("header", write(headers, request.headersMode ?? "add_extra"), collection),
  ];
  const mediaTypes = [middleware].flat().flatMap((one) => mediaTypesOf(one) ?? []);
  const schema = write(body, request.bodyMode ?? "no_extra");
  const hasBody = schema !== undefined || body === true || (mediaTypes.length > 0 && body !== false);
  const isChecked = [headers, query, params, body].some((part) => part !== undefined && part !== true);
  return {
    parameters,
    isChecked,
    ...(hasBody ? { body: toBody(schema, body, mediaTypes) } : {}),
  };
}

function toBody(
  schema: JSONSchema | undefined,
  part: RequestPart | undefined,
  mediaTypes: readonly string[],
): RequestBody {
  return {
    isRequired: schema !== undefined && !takesNothing(part as Schema),
    // If no middleware of the route is a body parser, the JSON parser reads the body.
    mediaTypes: mediaTypes.length > 0 ? [...new Set(mediaTypes)] : ["application/json"],
    schema: schema ?? {},
  };
}

/** Whether a request may leave its body out. */
function takesNothing(part: Schema | readonly Schema[]): boolean {
  return (Array.isArray(part) ? (part as readonly Schema[]) : [part as Schema]).some((schema) => {
    try {
      return compile(schema).safeParse(undefined).success;
    } catch {
      return false;
    }
  });
}

function readParams(
  schema: JSONSchema | undefined,
  path: string,
  { schemas }: SchemaCollection,
): Parameter[] {
  const declared = schema === undefined ? [] : (propertiesOf(schema, schemas) ?? []);
  return paramNames(path).map((name) => ({
    in: "path",
    name,
    isRequired: true,
    schema: declared.find((one) => one.name === name)?.schema ?? { type: "string" },
  }));
}

function readNamed(
  place: "query" | "header",
  schema: JSONSchema | undefined,
  { schemas }: SchemaCollection,
): Parameter[] {
  if (schema === undefined) return [];
  const properties = propertiesOf(schema, schemas);
  if (properties !== undefined) return properties.map((one) => ({ in: place, ...one }));
  return place === "query"
    ? [{ in: place, name: "query", isRequired: false, schema, isWholeQuery: true }]
    : [];
}
