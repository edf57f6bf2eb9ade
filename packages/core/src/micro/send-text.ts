import type { ServerResponse } from "node:http";

/** Ends a response with a string and its length in bytes. An answer without content ends without it. */
export function sendText(res: ServerResponse, text: string): void {
  if (hasNoContent(res)) {
    res.end();
    return;
  }
  const length = Buffer.byteLength(text);
  setLength(res, length);
  // A string with as many bytes as characters contains only ASCII, so the socket need not encode it.
  res.end(text, length === text.length ? "latin1" : "utf8");
}

/** Sets the length of a body, unless a handler has chosen chunks. A head with both could be read in two ways. */
export function setLength(res: ServerResponse, length: number): void {
  if (res.hasHeader("Transfer-Encoding")) {
    res.removeHeader("Content-Length");
  } else {
    res.setHeader("Content-Length", length);
    // Trailers come only after chunks. Node refuses the header without them.
    res.removeHeader("Trailer");
  }
}

/** Whether the status says that no content follows, and that there is no length of any (RFC 9110 8.6, 15.3.6). */
export function hasNoContent({ statusCode }: ServerResponse): boolean {
  return statusCode === 204 || statusCode === 205;
}
