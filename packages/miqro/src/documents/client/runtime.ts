/**
 * The part of a client that is the same for every API. It is copied into the written file, so that the file needs only
 * `fetch`.
 */
export const runtime = `/** The key of a route: its method and its path. */
export type Route = keyof Routes;

/** The parts of a request for a route. */
export type Input<Key extends Route> = Routes[Key]["input"] & {
  /** Aborts the request. */
  signal?: AbortSignal | undefined;
};

/** An answer that a route declares. Compare \`status\` to narrow the type of \`data\`. */
export type Success<Key extends Route> = {
  [Status in keyof Routes[Key]["answers"]]: {
    readonly ok: true;
    readonly status: Status;
    readonly data: Routes[Key]["answers"][Status];
    readonly headers: Headers;
  };
}[keyof Routes[Key]["answers"]];

/** An answer that reports an error. */
export interface Failure {
  readonly ok: false;
  readonly status: FailureStatus;
  /** Problem details (RFC 9457). Any other body is in \`text\`. */
  readonly problem: Problem | undefined;
  readonly text: string;
  readonly headers: Headers;
}

/** A status of redirects, of refusals and of errors. */
export type FailureStatus =
  | 300 | 301 | 302 | 303 | 304 | 307 | 308
  | 400 | 401 | 402 | 403 | 404 | 405 | 406 | 407 | 408 | 409 | 410 | 411 | 412 | 413 | 414 | 415 | 416 | 417 | 418
  | 421 | 422 | 423 | 424 | 425 | 426 | 428 | 429 | 431 | 451
  | 500 | 501 | 502 | 503 | 504 | 505 | 506 | 507 | 508 | 510 | 511;

/** Problem details, as the server writes them. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail?: string;
  readonly code: string;
  readonly requestId: string;
  /** The errors of a request that does not match the schemas of the route. */
  readonly issues?: readonly { readonly path: string; readonly expected: string; readonly message: string }[];
}

/** The options of a client. */
export interface ClientOptions {
  /**
   * The URL to which all paths are added, such as \`"https://example.com"\`. In a page it defaults to the page's own
   * server.
   */
  readonly baseURL?: string | undefined;
  /** Headers of every request, such as \`authorization\`. A function is called for each request. */
  readonly headers?: HeaderValues | (() => HeaderValues | Promise<HeaderValues>) | undefined;
  /** Added to the query of every request. */
  readonly query?: Readonly<Record<string, string>> | undefined;
  /** Replaces the global \`fetch\`. */
  readonly fetch?: typeof fetch | undefined;
}

/** A value that \`new Headers()\` takes. */
export type HeaderValues = Readonly<Record<string, string>> | [string, string][] | Headers;

/**
 * The client: an object with a function for each route. A function sends a request, and resolves to the answer. It
 * rejects only if there is no answer, or an answer that is not the JSON that it says.
 */
export type Client = {
  readonly [Key in Route]: (
    ...input: {} extends Input<Key> ? [input?: Input<Key>] : [input: Input<Key>]
  ) => Promise<Success<Key> | Failure>;
};

interface AnyInput {
  readonly params?: Readonly<Record<string, unknown>>;
  readonly query?: Readonly<Record<string, unknown>>;
  readonly headers?: Readonly<Record<string, unknown>>;
  readonly body?: unknown;
  readonly signal?: AbortSignal;
}

/** Makes a client. */
export function createClient(options: ClientOptions = {}): Client {
  const send = async (route: string, input: AnyInput): Promise<unknown> => {
    const space = route.indexOf(" ");
    const { headers: shared } = options;
    const headers = new Headers(typeof shared === "function" ? await shared() : shared);
    if (!headers.has("accept")) headers.set("accept", "application/json, */*;q=0.5");
    for (const [name, value] of Object.entries(input.headers ?? {})) {
      if (value !== undefined) headers.set(name, String(value));
    }
    const body = toBody(input.body, bodyTypes[route] ?? "application/json", headers);
    const response = await (options.fetch ?? fetch)(
      (options.baseURL ?? defaultURL).replace(/\\/+$/, "") +
        toPath(route.slice(space + 1), input) +
        toQuery({ ...options.query, ...input.query }),
      {
        method: route.slice(0, space),
        headers,
        ...(body === undefined ? {} : { body }),
        ...(input.signal === undefined ? {} : { signal: input.signal }),
      },
    );
    const { ok, status } = response;
    const text = await response.text();
    const isJSON = /[/+]json\\b/.test(response.headers.get("content-type") ?? "");
    let data: unknown = text === "" ? undefined : text;
    try {
      if (isJSON && text !== "") data = JSON.parse(text);
    } catch (error) {
      // A proxy may say that its error is JSON although it is not.
      if (ok) throw error;
    }
    if (ok) return { ok, status, data, headers: response.headers };
    const problem = typeof data === "object" && data !== null ? data : undefined;
    return { ok, status, problem, text, headers: response.headers };
  };
  const get = (_target: object, route: string | symbol): unknown =>
    // \`await\` and \`console.log\` read other properties of the client.
    typeof route === "string" && route.includes(" ") ? (input: AnyInput = {}) => send(route, input) : undefined;
  return new Proxy({}, { get }) as Client;
}

function toPath(path: string, { params = {} }: AnyInput): string {
  const filled = path.replace(/:(\\w+)|\\*/g, (_all, name: string | undefined) => {
    const value = String(params[name ?? "*"] ?? "");
    if (value === "") throw new TypeError(\`The parameter "\${name ?? "*"}" of \${path} is empty.\`);
    return name === undefined ? value.split("/").map(encodeURIComponent).join("/") : encodeURIComponent(value);
  });
  // \`fetch\` takes these segments away, with the segment before them.
  if (!/\\/\\.\\.?(?:\\/|$)/.test(filled)) return filled;
  throw new TypeError(\`The parameters of \${path} make \${filled}, in which "." and ".." would name another path.\`);
}

function toQuery(query: Readonly<Record<string, unknown>>): string {
  const pairs = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    for (const one of [value].flat()) if (one !== undefined && one !== null) pairs.append(name, String(one));
  }
  return pairs.size === 0 ? "" : \`?\${pairs}\`;
}

function toBody(body: unknown, type: string, headers: Headers): FormData | URLSearchParams | string | undefined {
  if (body === undefined) return undefined;
  // The platform sets the content type of these bodies itself.
  if (body instanceof FormData || body instanceof URLSearchParams) return body;
  if (type === "application/x-www-form-urlencoded") return new URLSearchParams(toQuery(Object(body)));
  headers.set("content-type", type);
  return type.startsWith("text/") ? String(body) : JSON.stringify(body);
}
`;
