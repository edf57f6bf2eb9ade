import { once } from "node:events";
import { type IncomingMessage, request } from "node:http";
import fc from "fast-check";

/** The parts of an OpenAPI document that the test reads. */
export interface OpenAPI {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly responses: Readonly<Record<string, Answer>> };
}

export interface Operation {
  readonly operationId: string;
  readonly parameters?: readonly {
    readonly name: string;
    readonly in: "path" | "query" | "header";
    readonly required?: boolean;
    readonly schema: JSONSchema;
  }[];
  readonly requestBody?: {
    readonly required?: boolean;
    readonly content: Readonly<Record<string, { readonly schema: JSONSchema }>>;
  };
  readonly responses: Readonly<Record<string, Answer | { readonly $ref: string }>>;
}

export interface Answer {
  readonly content?: Readonly<Record<string, { readonly schema?: JSONSchema }>>;
}

type JSONSchema = Readonly<Record<string, unknown>> & {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, JSONSchema>>;
  readonly required?: readonly string[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly maxLength?: number;
};

/** A request for an operation. */
export interface RandomRequest {
  readonly url: string;
  readonly init: {
    readonly method: string;
    readonly headers: Record<string, string>;
    readonly body?: string;
  };
}

/** Draws requests for an operation: most of them fit the document, and in some a part is something else. */
export function requestsFor(path: string, method: string, operation: Operation): fc.Arbitrary<RandomRequest> {
  const { parameters = [], requestBody } = operation;
  const text = fc.oneof(
    fc.string({ unit: "binary", maxLength: 20 }),
    fc.constantFrom("", "0", "-1", "null", "1e999"),
  );
  const values = fc.record(
    Object.fromEntries(
      parameters.map(({ name, in: where, schema, required }) => [
        name,
        fc.oneof(
          { weight: 6, arbitrary: valuesOf(schema).map(String) },
          { weight: 1, arbitrary: text },
          // Random ids of rows hardly ever exist.
          ...(where === "path" ? [{ weight: 3, arbitrary: fc.constant("1") }] : []),
          ...(required === true ? [] : [{ weight: 2, arbitrary: fc.constant(undefined) }]),
        ),
      ]),
    ),
  );
  const [type, content] = Object.entries(requestBody?.content ?? {})[0] ?? [];
  const bodies =
    content === undefined
      ? fc.constant(undefined)
      : fc.oneof(
          { weight: 6, arbitrary: valuesOf(content.schema).map((value) => JSON.stringify(value)) },
          { weight: 2, arbitrary: fc.json() },
          { weight: 1, arbitrary: text },
          { weight: 1, arbitrary: fc.constant(undefined) },
        );
  const accept = fc.constantFrom("application/json", "text/html", "text/plain", "*/*", "image/png");
  return fc.tuple(values, bodies, accept).map(([given, body, wanted]) => {
    const encode = (one: string): string => encodeURIComponent(one.replace(/\p{Surrogate}/gu, "?"));
    const query = parameters
      .filter((one) => one.in === "query" && given[one.name] !== undefined)
      .map(({ name }) => `${encode(name)}=${encode(given[name] ?? "")}`);
    const filled = path.replace(/\{(\w+)\}/g, (_all, name: string) => encode(given[name] ?? ""));
    return {
      url: `${filled}${query.length > 0 ? `?${query.join("&")}` : ""}`,
      init: {
        method: method.toUpperCase(),
        headers: { accept: wanted, ...(body === undefined ? {} : { "content-type": type ?? "" }) },
        ...(body === undefined ? {} : { body }),
      },
    };
  });
}

/** An answer that was read. */
export interface ReadAnswer {
  readonly status: number;
  /** Without its parameters. */
  readonly type: string | undefined;
  readonly text: string;
}

/** Sends a request on a connection of its own: one that was kept may close while the machine is busy. */
export async function send(
  origin: string,
  { url, init }: RandomRequest,
  more: Record<string, string>,
): Promise<ReadAnswer> {
  const { method, headers, body } = init;
  const asked = request(origin + url, { method, headers: { ...headers, ...more }, agent: false });
  asked.end(body);
  const [response] = (await once(asked, "response")) as [IncomingMessage];
  const chunks = await response.toArray();
  const [type] = (response.headers["content-type"] ?? "").split(";");
  return {
    status: response.statusCode ?? 0,
    type: type === "" ? undefined : type,
    text: Buffer.concat(chunks).toString(),
  };
}

/** Values that fit a schema, of the kinds that the documents of the blog have. */
function valuesOf(schema: JSONSchema): fc.Arbitrary<unknown> {
  const { type, minimum, maximum, maxLength, properties = {}, required = [] } = schema;
  switch (type) {
    case "integer":
      return fc.oneof(
        fc.integer({ min: Math.max(minimum ?? -9, -9), max: 9 }),
        fc.maxSafeInteger().map((one) => Math.min(Math.max(one, minimum ?? one), maximum ?? one)),
      );
    case "string":
      return fc.string({ unit: "grapheme", maxLength: Math.min(maxLength ?? 50, 50) });
    case "boolean":
      return fc.boolean();
    case "object":
      return fc.record(
        Object.fromEntries(Object.entries(properties).map(([name, one]) => [name, valuesOf(one)])),
        { requiredKeys: [...required] },
      );
    default:
      throw new Error(`This test draws no values of ${JSON.stringify(schema)} yet: add them.`);
  }
}
