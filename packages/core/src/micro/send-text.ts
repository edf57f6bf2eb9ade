import type { ServerResponse } from "node:http";

/** Ends a response with a string and its length in bytes. */
export function sendText(res: ServerResponse, text: string): void {
  const length = Buffer.byteLength(text);
  res.setHeader("Content-Length", length);
  // A string with as many bytes as characters contains only ASCII, so the socket need not encode it.
  res.end(text, length === text.length ? "latin1" : "utf8");
}
