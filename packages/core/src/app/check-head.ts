import { BadRequestError } from "../errors.js";
import { kResponse } from "../http/internal.js";
import type { ServedRequest } from "../http/served.js";
import { isHost } from "../http/target.js";

let lastGood = "";

/**
 * Refuses a request with an illegal `Host`, or with two, since proxies and this server could take different ones; and
 * one whose body is transferred in a way that this server does not know, for the same reason.
 */
export function checkHead(req: ServedRequest): void {
  const { rawHeaders } = req;
  let host: string | undefined;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] as string;
    if (name.length === 17) checkTransfer(req, name, rawHeaders[index + 1] as string);
    if (name.length !== 4 || (name !== "Host" && name.toLowerCase() !== "host")) continue;
    if (host !== undefined) refuse(req, "The request has more than one Host header.");
    host = rawHeaders[index + 1] as string;
  }
  if (host === undefined || host === lastGood) return;
  if (!isHost(host)) refuse(req, "The Host header of the request is illegal.");
  lastGood = host;
}

// RFC 9112 6.1. Node finds this out only after the request was handed on.
function checkTransfer(req: ServedRequest, name: string, value: string): void {
  if (value === "chunked" || name.toLowerCase() !== "transfer-encoding") return;
  if (value.trim().toLowerCase() !== "chunked") {
    refuse(req, "The Transfer-Encoding of the request is not chunked.");
  }
}

// Where such a request ends is in doubt, so nothing that follows it on its connection is read.
function refuse({ [kResponse]: res }: ServedRequest, message: string): never {
  if (res !== undefined) res.shouldKeepAlive = false;
  throw new BadRequestError(message);
}
