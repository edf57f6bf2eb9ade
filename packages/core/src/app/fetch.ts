import { ArgumentError } from "../errors.js";
import type { ServedRequest, ServedResponse } from "../exchange/served.js";
import { VirtualRequest } from "../exchange/virtual-request.js";
import { VirtualResponse } from "../exchange/virtual-response.js";
import { describe } from "../options/check-options.js";

/**
 * A runtime's information about a request, in addition to the web `Request`. `Deno.serve` passes it in its own form.
 */
export interface FetchInfo {
  /** The address of the client. */
  readonly remoteAddress?: string | undefined;
  /** The address in the form of `Deno.serve`: an object with a `hostname`. */
  readonly remoteAddr?: object | undefined;
}

// A web response with one of these statuses cannot have a body, not even an empty one.
const bodiless: ReadonlySet<number> = new Set([101, 103, 204, 205, 304]);

/** Runs a web `Request`, and resolves to the web `Response` as soon as its head is known. */
export function fetchVirtual(
  request: globalThis.Request,
  info: FetchInfo | undefined,
  serve: (res: ServedResponse) => void,
): Promise<globalThis.Response> {
  return new Promise((resolve, reject) => {
    checkRequest(request);
    const { signal } = request;
    signal.throwIfAborted();
    const req = new VirtualRequest(toInit(request, info));
    let body: ReadableStreamDefaultController<Uint8Array> | undefined;
    let goOn: (() => void) | undefined;
    const res = new VirtualResponse(req as unknown as ServedRequest, {
      begin(status, headers, whole) {
        const empty = bodiless.has(status) || request.method === "HEAD";
        try {
          resolve(new Response(empty ? null : (toWebBytes(whole) ?? openBody()), { status, headers }));
        } catch (error) {
          // Node sends some statuses that a web response cannot have. The handler has already returned, so it cannot
          // get an error.
          reject(error);
          res.destroy();
        }
      },
      write(chunk, done) {
        goOn = done;
        body?.enqueue(chunk);
        if ((body?.desiredSize ?? 1) > 0) proceed();
      },
      end: () => body?.close(),
      fail(error) {
        reject(error);
        body?.error(error);
      },
    });
    const proceed = (): void => {
      const next = goOn;
      goOn = undefined;
      next?.();
    };
    const openBody = (): ReadableStream<Uint8Array> =>
      new ReadableStream({
        start: (controller) => {
          body = controller;
        },
        pull: proceed,
        cancel: () => {
          body = undefined;
          res.destroy();
        },
      });
    const abort = (): void => void res.destroy();
    signal.addEventListener("abort", abort, { once: true });
    res.once("close", () => signal.removeEventListener("abort", abort));
    serve(res as unknown as ServedResponse);
  });
}

function checkRequest(request: globalThis.Request): void {
  const { url, headers, signal, bodyUsed } = Object(request) as Partial<globalThis.Request>;
  if (typeof url !== "string" || headers === undefined || signal === undefined) {
    throw new ArgumentError(
      `\`fetch\` takes a web Request, not ${describe(request)}: app.fetch(new Request(url)). A path goes to \`inject\`.`,
    );
  }
  if (bodyUsed === true) {
    throw new ArgumentError(
      "The body of the Request for `fetch` was already read. Pass a clone, and call clone() before you read the body.",
    );
  }
}

function toInit(
  request: globalThis.Request,
  info: FetchInfo | undefined,
): ConstructorParameters<typeof VirtualRequest>[0] {
  const { url, method } = request;
  const path = url.indexOf("/", url.indexOf("//") + 2);
  const headers: [string, string][] = [...request.headers];
  if (!request.headers.has("host")) headers.push(["host", url.slice(url.indexOf("//") + 2, path)]);
  const body = method === "GET" || method === "HEAD" ? null : request.body;
  // A web request has no header for a body of unknown length.
  if (body !== null && !request.headers.has("content-length")) headers.push(["transfer-encoding", "chunked"]);
  const { hostname } = (info?.remoteAddr ?? {}) as { hostname?: string };
  return {
    method,
    url: url.slice(path),
    headers,
    body: (body ?? undefined) as AsyncIterable<Uint8Array> | undefined,
    remoteAddress: info?.remoteAddress ?? hostname,
    encrypted: url.startsWith("https:"),
  };
}

function toWebBytes(bytes: Uint8Array | undefined): Uint8Array<ArrayBuffer> | undefined {
  return bytes as Uint8Array<ArrayBuffer> | undefined;
}
