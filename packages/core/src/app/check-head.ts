import type { Duplex } from "node:stream";
import { abandonBody } from "../body/abandon-body.js";
import { BadRequestError, HttpError, withoutStack } from "../errors.js";
import { kResponse } from "../exchange/internal.js";
import type { ServedRequest, ServedResponse } from "../exchange/served.js";
import { isHost } from "../exchange/target.js";
import { http } from "../platform/builtins.js";
import { isMethod } from "../routing/methods.js";

const statusesByError: Readonly<Record<string, number>> = {
  HPE_HEADER_OVERFLOW: 431,
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 413,
  ERR_HTTP_REQUEST_TIMEOUT: 408,
};

/**
 * Answers bytes that are not an HTTP request, as Node does. If an earlier request still waits for its answer, Node
 * would send this answer in its place. Here the earlier request gets its own answer, which is the last of the
 * connection.
 *
 * @param pending The last request on the connection without a whole answer.
 */
export function refuseBytes(
  error: NodeJS.ErrnoException,
  socket: Duplex,
  pending: ServedResponse | undefined,
): void {
  // An error of the connection, or of TLS before a connection exists.
  if (!/^(?:HPE_|ERR_HTTP_)/.test(error.code ?? "")) {
    socket.destroy();
    return;
  }
  if (pending?.req.complete === true && !pending.destroyed) {
    if (!pending.headersSent) pending.shouldKeepAlive = false;
    pending.once("finish", () => socket.end());
    return;
  }
  if (socket.writable && pending?.headersSent !== true) {
    const status = statusesByError[error.code ?? ""] ?? 400;
    socket.write(`HTTP/1.1 ${status} ${http.STATUS_CODES[status]}\r\nConnection: close\r\n\r\n`);
  }
  if ("destroySoon" in socket && typeof socket.destroySoon === "function") socket.destroySoon();
  else socket.end();
}

let lastGood = "";

/**
 * Refuses a request with an illegal `Host`, or with two, because proxies and this server could choose different ones.
 * For the same reason it refuses a body with a transfer coding that this server does not know. The server cannot trust
 * the bytes that follow on such a connection, so it closes the connection (RFC 9112 6.3).
 */
export function checkHead(req: ServedRequest): void {
  const { rawHeaders, httpVersionMajor } = req;
  // Node also reads requests of HTTP/0.9, which have neither a version nor headers.
  if (httpVersionMajor !== 1) refuse(req, "The request is not an HTTP/1 request.");
  // If a request has more than a thousand headers, older versions of Node silently drop the last ones. One of these
  // could be another Host.
  if (rawHeaders.length >= 2000) refuse(req, "The request has too many headers.", 431);
  let host: string | undefined;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] as string;
    if (name.length === 17 && isTransferEncoding(name)) checkTransfer(req, rawHeaders[index + 1] as string);
    if (name.length !== 4 || (name !== "Host" && name.toLowerCase() !== "host")) continue;
    if (host !== undefined) refuse(req, "The request has more than one Host header.");
    host = rawHeaders[index + 1] as string;
  }
  if (host !== undefined && host !== lastGood) {
    if (!isHost(host)) refuse(req, "The Host header of the request is illegal.");
    lastGood = host;
  }
  if (req.url.charCodeAt(0) !== 47) takeHostOfTarget(req);
}

// RFC 9112 3.2.2: the host of a target in absolute form counts, and the Host header does not.
function takeHostOfTarget(req: ServedRequest): void {
  const host = /^https?:\/\/([^/?#]+)/i.exec(req.url)?.[1];
  if (host === undefined) return;
  if (!isHost(host)) refuse(req, "The host in the target of the request is illegal.");
  req.headers.host = host;
}

/** Makes the checks of Node's parser, for requests that did not pass through it. */
export function checkVirtualHead(req: ServedRequest): void {
  // Each method gets pipelines of its own. Only known methods are accepted, so that a client cannot create any number
  // of pipelines.
  if (!isMethod(req.method))
    throw withoutStack(() => new BadRequestError("The method of the request is not an HTTP method."));
  let length: string | undefined;
  let isCoded = false;
  for (let index = 0; index < req.rawHeaders.length; index += 2) {
    const name = (req.rawHeaders[index] as string).toLowerCase();
    if (name === "transfer-encoding") isCoded = true;
    if (name !== "content-length") continue;
    if (length !== undefined) refuse(req, "The request has more than one Content-Length header.");
    length = req.rawHeaders[index + 1] as string;
    if (!/^\d+$/.test(length)) refuse(req, "The Content-Length of the request is not a number.");
  }
  if (isCoded && length !== undefined) {
    refuse(req, "The request has both a Content-Length and a Transfer-Encoding.");
  }
}

function isTransferEncoding(name: string): boolean {
  return name === "Transfer-Encoding" || name.toLowerCase() === "transfer-encoding";
}

// RFC 9112 6.1. Node detects this only after it has passed on the request.
function checkTransfer(req: ServedRequest, value: string): void {
  // A proxy that knows only HTTP/1.0 has forwarded the header without understanding it.
  const res = req[kResponse];
  if (req.httpVersionMinor === 0 && res !== undefined) res.shouldKeepAlive = false;
  if (value !== "chunked" && value.trim().toLowerCase() !== "chunked") {
    refuse(req, "The Transfer-Encoding of the request is not chunked.");
  }
}

function refuse(req: ServedRequest, message: string, status = 400): never {
  const res = req[kResponse];
  if (res !== undefined) res.shouldKeepAlive = false;
  abandonBody(req);
  throw withoutStack(() => new HttpError(status, message));
}
