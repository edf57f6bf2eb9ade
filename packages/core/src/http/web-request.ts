import { Readable } from "node:stream";
import { kTarget } from "./internal.js";
import type { ServedRequest } from "./served.js";

/** Makes the web `Request` of a request. Its body is the stream of the request, so it can be read once only. */
export function toWebRequest(req: ServedRequest): globalThis.Request {
  const { start } = req[kTarget];
  const host = req.headers.host ?? "localhost";
  const headers = new Headers();
  for (const [name, value] of Object.entries(req.headers)) {
    for (const one of [value ?? []].flat()) headers.append(name, one);
  }
  const hasBody = req.method !== "GET" && req.method !== "HEAD";
  // Node and the web name the same stream types differently, and `duplex` is not in the types yet.
  const init = {
    method: req.method,
    headers,
    signal: req.signal,
    ...(hasBody ? { body: Readable.toWeb(req), duplex: "half" } : {}),
  } as RequestInit;
  const path = start === 0 ? req.url : req.url.slice(start);
  return new Request(`${req.protocol}://${host}${path}`, init);
}
