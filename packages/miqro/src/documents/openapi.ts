import type { JSONSchema } from "@miqro/parser";
import { describePolicy } from "./describe-security.js";
import { type APIModel, type DeclaredResponse, isBodiless, type Operation, type Parameter } from "./model.js";
import { paramNames, restName, writePath } from "./path-pattern.js";
import { problemSchema } from "./problem-schema.js";

type Fields = Record<string, unknown>;

// The methods that OpenAPI 3.1 supports. Other methods are written below an extension key.
const known = new Set(["GET", "PUT", "POST", "DELETE", "OPTIONS", "HEAD", "PATCH", "TRACE"]);
// OpenAPI ignores parameters with these names, because other fields of a document describe them.
const ownHeaders = /^(?:accept|content-type|authorization)$/i;

/** Writes an OpenAPI 3.1 document. */
export function writeOpenAPI(model: APIModel): string {
  const tags = [...new Set(model.operations.flatMap((operation) => operation.tags))];
  const document = {
    openapi: "3.1.1",
    info: {
      title: model.title,
      version: model.version,
      ...(model.description === undefined ? {} : { description: model.description }),
    },
    ...(model.servers.length === 0 ? {} : { servers: model.servers.map((url) => ({ url })) }),
    ...(tags.length === 0 ? {} : { tags: tags.map((name) => ({ name })) }),
    paths: writePaths(model),
    components: {
      schemas: { ...model.schemas, [problemName(model)]: problemSchema },
      responses: writeErrors(model),
      ...(Object.keys(model.securitySchemes).length === 0 ? {} : { securitySchemes: writeSchemes(model) }),
    },
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

function problemName({ schemas }: APIModel): string {
  return "Problem" in schemas ? "MiqroProblem" : "Problem";
}

function writePaths(model: APIModel): Fields {
  const paths: Record<string, Fields> = {};
  // OpenAPI treats two paths as equal if only the names of their parameters differ.
  const byShape = new Map<string, NamedPath>();
  for (const operation of model.operations) {
    const named = namePath(operation.path);
    const shape = writePath(operation.path, () => "{}");
    const first = byShape.get(shape) ?? named;
    byShape.set(shape, first);
    const renamed = new Map(named.names.map((name, index) => [name, first.written[index] ?? name]));
    paths[first.path] ??= {};
    const item = paths[first.path] as Fields;
    const written = writeOperation(operation, renamed);
    if (known.has(operation.method)) item[operation.method.toLowerCase()] = written;
    else item["x-operations"] = { ...Object(item["x-operations"]), [operation.method]: written };
  }
  return paths;
}

/** A path as OpenAPI writes it. */
interface NamedPath {
  readonly path: string;
  /** The names of its parameters in routes, and in the document. */
  readonly names: readonly string[];
  readonly written: readonly string[];
}

function namePath(path: string): NamedPath {
  const names = paramNames(path);
  const rest = names.includes("rest") ? "restOfPath" : "rest";
  const toWritten = (name: string): string => (name === restName ? rest : name);
  return { path: writePath(path, (name) => `{${toWritten(name)}}`), names, written: names.map(toWritten) };
}

function writeOperation(operation: Operation, renamed: ReadonlyMap<string, string>): Fields {
  const { id, name, description, tags, deprecated, security, body, parameters } = operation;
  const text = [description, ...operation.policies.map(describePolicy)].filter((one) => one !== undefined);
  const written = parameters
    .filter((one) => !(one.in === "header" && ownHeaders.test(one.name)))
    .map((one) => writeParameter(one, renamed));
  return {
    operationId: id,
    ...(name === undefined ? {} : { summary: name }),
    ...(text.length === 0 ? {} : { description: text.join("\n\n") }),
    ...(tags.length === 0 ? {} : { tags }),
    ...(deprecated ? { deprecated } : {}),
    ...(written.length === 0 ? {} : { parameters: written }),
    ...(body === undefined
      ? {}
      : {
          requestBody: {
            ...(body.isRequired ? { required: true } : {}),
            content: Object.fromEntries(body.mediaTypes.map((type) => [type, { schema: body.schema }])),
          },
        }),
    responses: writeResponses(operation),
    ...(security.schemes.length === 0
      ? {}
      : {
          security: [
            ...(security.isRequired ? [] : [{}]),
            ...security.schemes.map((scheme) => ({ [scheme]: [] })),
          ],
        }),
  };
}

function writeParameter(parameter: Parameter, renamed: ReadonlyMap<string, string>): Fields {
  const { description, ...schema } = parameter.schema;
  const name = parameter.in === "path" ? (renamed.get(parameter.name) ?? parameter.name) : parameter.name;
  return {
    name,
    in: parameter.in,
    ...(parameter.isRequired ? { required: true } : {}),
    ...(description === undefined ? {} : { description }),
    ...(parameter.in === "query" ? { style: "form", explode: true } : {}),
    schema,
  };
}

function writeResponses({ response, isChecked, security, body }: Operation): Fields {
  const refused = [
    ...(isChecked ? [["400", "BadRequest"]] : []),
    ...(security.isRequired
      ? [
          ["401", "Unauthorized"],
          ["403", "Forbidden"],
        ]
      : []),
    ...(body === undefined ? [] : [["415", "UnsupportedMediaType"]]),
    ["default", "Error"],
  ] as const;
  const declared =
    response?.statuses.map((status) => [String(status), writeResponse(status, response)]) ?? [];
  const references = refused.map(([status, name]) => [status, { $ref: `#/components/responses/${name}` }]);
  if (response !== undefined) return Object.fromEntries([...references, ...declared]);
  // Without a declared response, the answer may be anything.
  return Object.fromEntries([
    ["2XX", { description: "The route does not declare it.", content: { "*/*": {} } }],
    ...references,
  ]);
}

function writeResponse(status: number, { headers, body }: DeclaredResponse): Fields {
  const names = headers.map(({ name, isRequired, schema: { description, ...schema } }) => [
    name,
    {
      ...(isRequired ? { required: true } : {}),
      ...(description === undefined ? {} : { description }),
      schema,
    },
  ]);
  const hasBody = body !== undefined && !isBodiless(status);
  return {
    description: descriptions[status] ?? "The answer.",
    ...(names.length === 0 ? {} : { headers: Object.fromEntries(names) }),
    ...(hasBody
      ? { content: Object.fromEntries(body.mediaTypes.map((type) => [type, writeContent(body.schema)])) }
      : {}),
  };
}

const descriptions: Readonly<Record<number, string>> = {
  200: "The answer.",
  201: "It was created.",
  202: "It was accepted, and will be done.",
  204: "It was done; there is no body.",
};

function writeContent(schema: JSONSchema): Fields {
  return Object.keys(schema).length === 0 ? {} : { schema };
}

function writeErrors(model: APIModel): Fields {
  const content = {
    "application/problem+json": { schema: { $ref: `#/components/schemas/${problemName(model)}` } },
    // An answer of catch.ts, or plain text for clients that prefer it.
    "*/*": {},
  };
  const problem = (description: string): Fields => ({ description, content });
  return {
    BadRequest: problem("The request does not fit what the route declares."),
    Unauthorized: problem("There is no valid session."),
    Forbidden: problem("The session does not let its user do this."),
    UnsupportedMediaType: problem("The body is of a type that the route does not read."),
    Error: problem("An error, or a redirect."),
  };
}

function writeSchemes({ securitySchemes }: APIModel): Fields {
  return Object.fromEntries(
    Object.entries(securitySchemes).map(([name, scheme]) => [
      name,
      scheme.type === "bearer" ? { type: "http", scheme: "bearer" } : scheme,
    ]),
  );
}
