/** A part of a request, as JSON Schema; null where it takes anything. */
export type RequestPart = object | null;

/** A route of the running app. */
export interface RouteInfo {
  readonly method: string;
  readonly path: string;
  /** The kind of its file, such as `api`. */
  readonly kind: string;
  /** Its source. */
  readonly file: string;
  readonly name?: string;
  readonly description?: string;
  /** Set where a policy guards it. */
  readonly guarded?: true;
  /** The input that it takes. */
  readonly request?: Readonly<Partial<Record<"headers" | "query" | "params" | "body", RequestPart>>>;
}

/** A service of the running app, with what answers in it, in the order of a request. */
export interface ServiceInfo {
  readonly name: string;
  readonly folder: string;
  /** Its config files by their conventions. */
  readonly configs: readonly { readonly name: string; readonly file: string }[];
  readonly routes: readonly RouteInfo[];
  /** The paths of its WebSocket servers. */
  readonly sockets: readonly string[];
  readonly staticFolder?: string;
}
