import type { Policy } from "@miqro/core";
import type { JSONSchema } from "@miqro/parser";

/** The model of an API, which every writer of documents reads. */
export interface APIModel extends DocumentInfo {
  /** In the order of their paths, then of their methods. */
  readonly operations: readonly Operation[];
  /** How clients say who they are, by name. */
  readonly securitySchemes: Readonly<Record<string, SecurityScheme>>;
  /** Schemas that others refer to as `#/components/schemas/NAME`. */
  readonly schemas: Readonly<Record<string, JSONSchema>>;
}

/** The facts of a document about the API as a whole. */
export interface DocumentInfo {
  readonly title: string;
  readonly version: string;
  readonly description?: string;
  /** The URLs below which the paths are. Empty: where the document is. */
  readonly servers: readonly string[];
}

/** One method of one path. */
export interface Operation {
  /** Made of the method and the path alone, so that it stays when routes are added. */
  readonly id: string;
  /** In capitals. */
  readonly method: string;
  /** As routes have it: `/posts/:id`, and `/:id.html` for a file `[id].html.tsx`. */
  readonly path: string;
  readonly name?: string;
  readonly description?: string;
  readonly tags: readonly string[];
  readonly deprecated: boolean;
  /** The conditions for a request to pass; all of them have to hold. */
  readonly policies: readonly Policy[];
  readonly security: Security;
  readonly parameters: readonly Parameter[];
  readonly body?: RequestBody;
  /** Absent where the route declares nothing, and may answer anything. */
  readonly response?: DeclaredResponse;
  /** Whether a request that does not fit is refused with 400. */
  readonly isChecked: boolean;
}

/** The clients that may ask. */
export interface Security {
  /** Names of schemes; a client needs one of them. */
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
  /** Set where the schema is about all fields of the query, whose names are not known. */
  readonly isWholeQuery?: true;
}

/** The body of a request. */
export interface RequestBody {
  readonly isRequired: boolean;
  /** The usual one first. */
  readonly mediaTypes: readonly string[];
  readonly schema: JSONSchema;
}

/** The successful answer of a route. */
export interface DeclaredResponse {
  readonly statuses: readonly number[];
  readonly headers: readonly Parameter[];
  /** Absent where there is no body. */
  readonly body?: { readonly mediaTypes: readonly string[]; readonly schema: JSONSchema };
}

/** How a client says who it is. */
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

/** Whether a status has no body by its meaning. */
export function isBodiless(status: number): boolean {
  return status === 204 || status === 205 || status === 304;
}
