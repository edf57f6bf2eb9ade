import { request as httpRequest, type IncomingHttpHeaders, type RequestOptions } from "node:http";
import { buffer } from "node:stream/consumers";
import { MiqroError } from "../errors.js";

/** A request to a server in a test. */
export interface TestRequestOptions {
  /** The path, with or without a query string, such as `/posts?page=2`. */
  readonly url: string;
  /** The method. Default GET. */
  readonly method?: string;
  /** Parameters that are added to the query string. An array gives several values of one name; undefined gives none. */
  readonly query?: Readonly<Record<string, unknown>>;
  /** The headers. An array gives several headers of one name. */
  readonly headers?: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** The body. A string, bytes and `URLSearchParams` are sent unchanged, and any other value as JSON. */
  readonly data?: unknown;
  /** True returns answers with a status of 400 and above, instead of throwing. Default false. */
  readonly disableThrow?: boolean;
  /** The longest time until the answer, in milliseconds. Default 30000. */
  readonly timeout?: number;
  /** Aborts the request. */
  readonly signal?: AbortSignal;
}

/** An answer whose body was read. */
// biome-ignore lint/suspicious/noExplicitAny: only the test knows the type of the answer
export interface TestResponse<Data = any> {
  /** The status of the answer, such as 200. */
  readonly status: number;
  /** The headers of the answer, with names in lower case. */
  readonly headers: IncomingHttpHeaders;
  /** The parsed body if it is JSON, or else the body as a string. */
  readonly data: Data;
  /** The bytes of the body. */
  readonly buffer: Buffer;
}

/** An answer with a status of 400 or above, which throws by default. */
export class TestResponseError extends MiqroError {
  /** The answer. */
  declare readonly response: TestResponse;

  constructor(what: string, response: TestResponse) {
    super(
      "MIQRO_RESPONSE",
      `${what} was answered ${response.status}: ${shorten(response.buffer.toString())} With disableThrow: true the answer is returned.`,
    );
    this.name = "TestResponseError";
    // If this were printed with the error, it would hide the important lines.
    Object.defineProperty(this, "response", { value: response });
  }
}

/** Sends a request, and reads the whole answer. Redirects are not followed. */
// biome-ignore lint/suspicious/noExplicitAny: only the test knows the type of the answer
export type TestRequest = <Data = any>(options: TestRequestOptions) => Promise<TestResponse<Data>>;

/** Makes the request function for one server. */
export function createTestRequest(where: Pick<RequestOptions, "socketPath" | "host" | "port">): TestRequest {
  return async (options) => {
    const { method = "GET", disableThrow = false, timeout = 30_000, signal } = options;
    const path = pathOf(options);
    const { body, type } = bodyOf(options.data);
    const req = httpRequest({
      ...where,
      path,
      method,
      agent: false,
      headers: {
        // The host name that browsers send, and that `allowedHosts` allows.
        host: "localhost",
        ...(type === undefined ? {} : { "content-type": type }),
        ...(body === undefined ? {} : { "content-length": String(Buffer.byteLength(body)) }),
        ...withoutUndefined(options.headers),
      },
      ...(signal === undefined ? {} : { signal }),
    });
    const answer = new Promise<TestResponse>((resolve, reject) => {
      req.once("error", reject);
      req.once("response", (res) => {
        buffer(res).then((bytes) => {
          const { headers, statusCode = 0 } = res;
          resolve({
            status: statusCode,
            headers,
            data: parse(bytes, headers["content-type"]),
            buffer: bytes,
          });
        }, reject);
      });
    });
    const timer = setTimeout(() => {
      req.destroy(
        new MiqroError("MIQRO_RESPONSE", `${method} ${path} was not answered within ${timeout} ms.`),
      );
    }, timeout);
    req.end(body);
    const response = await answer.finally(() => clearTimeout(timer));
    if (response.status >= 400 && !disableThrow) throw new TestResponseError(`${method} ${path}`, response);
    return response;
  };
}

function pathOf({ url, query = {} }: TestRequestOptions): string {
  if (typeof url !== "string" || !url.startsWith("/")) {
    throw new MiqroError(
      "MIQRO_ARGUMENT",
      `url is ${JSON.stringify(url)}, but must be a path, such as "/posts".`,
    );
  }
  const { pathname, search, searchParams } = new URL(url, "http://localhost");
  for (const [name, value] of Object.entries(query)) {
    for (const one of [value].flat()) if (one !== undefined) searchParams.append(name, String(one));
  }
  const all = searchParams.toString();
  return Object.keys(query).length === 0 ? pathname + search : `${pathname}${all === "" ? "" : `?${all}`}`;
}

function bodyOf(data: unknown): { readonly body?: string | Uint8Array; readonly type?: string } {
  if (data === undefined) return {};
  if (typeof data === "string" || data instanceof Uint8Array) return { body: data };
  if (data instanceof URLSearchParams) {
    return { body: data.toString(), type: "application/x-www-form-urlencoded" };
  }
  return { body: JSON.stringify(data), type: "application/json" };
}

function withoutUndefined(headers: TestRequestOptions["headers"] = {}): Record<string, string | string[]> {
  const given: Record<string, string | string[]> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) given[name.toLowerCase()] = typeof value === "string" ? value : [...value];
  }
  return given;
}

function parse(bytes: Buffer, type = ""): unknown {
  if (!/^[\w.+-]+\/(?:[\w.+-]+\+)?json\b/i.test(type) || bytes.length === 0) return bytes.toString();
  try {
    return JSON.parse(bytes.toString());
  } catch {
    return bytes.toString();
  }
}

function shorten(text: string): string {
  const line = text.replaceAll(/\s+/g, " ").trim();
  return line === "" ? "an empty body." : line.length > 300 ? `${line.slice(0, 300)} ...` : line;
}
