import type { Policy } from "@miqro/core";
import type { JSONSchema } from "@miqro/parser";

/** The model of an API, which every writer of documents reads. */
export interface APIModel extends DocumentInfo {
  /** Ordered by path, then by method. */
  readonly operations: readonly Operation[];
  /** How clients identify themselves. The key is the name of the scheme. */
  readonly securitySchemes: Readonly<Record<string, SecurityScheme>>;
  /** Shared schemas, to which other schemas refer as `#/components/schemas/NAME`. */
  readonly schemas: Readonly<Record<string, JSONSchema>>;
}

/** The facts of a document about the API as a whole. */
export interface DocumentInfo {
  readonly title: string;
  readonly version: string;
  readonly description?: string;
  /** The URLs below which the paths are. Empty: the server of the document. */
  readonly servers: readonly string[];
}

/** One method of one path. */
export interface Operation {
  /** Made from the method and the path alone, so that it stays the same when routes are added. */
  readonly id: string;
  /** In capitals. */
  readonly method: string;
  /** The path in the form of routes: `/posts/:id`, and `/:id.html` for a file `[id].html.tsx`. */
  readonly path: string;
  readonly name?: string;
  readonly description?: string;
  readonly tags: readonly string[];
  readonly deprecated: boolean;
  /** The conditions that a request must satisfy, all of them. */
  readonly policies: readonly Policy[];
  readonly security: Security;
  readonly parameters: readonly Parameter[];
  readonly body?: RequestBody;
  /** Absent if the route declares no response, and may answer anything. */
  readonly response?: DeclaredResponse;
  /** Whether a request that does not match the schemas is refused with 400. */
  readonly isChecked: boolean;
}

/** The clients that may send this request. */
export interface Security {
  /** Names of schemes. A client needs one of them. */
  readonly schemes: readonly string[];
  /** Whether a request without a session is refused. */
  readonly isRequired: boolean;
}

/** A value in the path, the query or a header of a request, or in a header of a response. */
export interface Parameter {
  readonly in: "path" | "query" | "header";
  readonly name: string;
  readonly isRequired: boolean;
  readonly schema: JSONSchema;
  /** Set if the schema describes all fields of the query, and their names are not known. */
  readonly isWholeQuery?: true;
}

/** The body of a request. */
export interface RequestBody {
  readonly isRequired: boolean;
  /** The most usual media type comes first. */
  readonly mediaTypes: readonly string[];
  readonly schema: JSONSchema;
}

/** The successful answer of a route. */
export interface DeclaredResponse {
  readonly statuses: readonly number[];
  readonly headers: readonly Parameter[];
  /** Absent if there is no body. */
  readonly body?: { readonly mediaTypes: readonly string[]; readonly schema: JSONSchema };
}

/** How a client identifies itself. */
export type SecurityScheme =
  | { readonly type: "bearer" }
  | { readonly type: "apiKey"; readonly in: "header" | "query" | "cookie"; readonly name: string };

/** The answers of a route with the same body, or without a body. */
export interface Answer extends Pick<DeclaredResponse, "headers" | "body"> {
  readonly statuses: readonly number[];
}

/** The answers of a route: those with a body together, and those without one. */
export function answersOf(response: DeclaredResponse | undefined): Answer[] {
  if (response === undefined) return [];
  const { statuses, headers, body } = response;
  const withBody = statuses.filter((status) => body !== undefined && !isBodiless(status));
  const others = statuses.filter((status) => !withBody.includes(status));
  return [
    ...(withBody.length > 0 && body !== undefined ? [{ statuses: withBody, headers, body }] : []),
    ...(others.length > 0 ? [{ statuses: others, headers }] : []),
  ];
}

/** Whether answers with this status never have a body. */
export function isBodiless(status: number): boolean {
  return status === 204 || status === 205 || status === 304;
}
