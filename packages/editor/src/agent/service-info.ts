/** The JSON Schema of a part of a request; null if any value is accepted. */
export type RequestPart = object | null;

/** A route of the running app. */
export interface RouteInfo {
  readonly method: string;
  readonly path: string;
  /** The kind of its file, such as `api`. */
  readonly kind: string;
  /** The source file of the route. */
  readonly file: string;
  readonly name?: string;
  readonly description?: string;
  /** Set if a policy protects the route. */
  readonly guarded?: true;
  /** The parts of a request that the route accepts. */
  readonly request?: Readonly<Partial<Record<"headers" | "query" | "params" | "body", RequestPart>>>;
}

/** A service of the running app. Its routes are in the order in which a request is matched. */
export interface ServiceInfo {
  readonly name: string;
  readonly folder: string;
  /** The config files of the service by their conventions. */
  readonly configs: readonly { readonly name: string; readonly file: string }[];
  readonly routes: readonly RouteInfo[];
  /** The paths of the WebSocket servers of the service. */
  readonly sockets: readonly string[];
  readonly staticFolder?: string;
}
