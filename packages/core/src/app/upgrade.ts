import type { Server } from "node:http";
import type { Duplex } from "node:stream";
import { hasBody } from "../body/read-body.js";
import { upgradeHeads } from "../exchange/internal.js";
import type { ServedRequest, ServedResponse } from "../exchange/served.js";
import { createLastResponse, ignore, runInTurn } from "./bare-socket.js";

/** The functions that handle an upgrade. */
export interface UpgradeListeners {
  serve(res: ServedResponse, isUpgrade: boolean): void;
  /** Whether the path of a request has a WebSocket server. Throws when the path is malformed. */
  owns(req: ServedRequest): boolean;
  /** Returns the last request on a connection, until its answer has left. */
  pending(socket: Duplex): ServedResponse | undefined;
  /** Makes the next answer on a connection the last one. */
  closeAfterAnswer(socket: Duplex): void;
  readonly onUpgrade: ((req: ServedRequest, socket: Duplex, head: Buffer) => void) | undefined;
}

/** Since this version Node reads the body of an upgrade itself, so the body cannot be put back. */
const readsBodies: boolean = Number.parseInt(process.versions.node, 10) >= 25;

/**
 * Node calls this for each upgrade. If it returns false, Node treats the upgrade as a normal request. It returns false
 * for an upgrade whose body the package would ignore, because Node would read the body too. The bytes after that body
 * are lost, so the connection must end.
 */
export function isTaken(
  req: ServedRequest,
  { owns, onUpgrade, closeAfterAnswer }: UpgradeListeners,
): boolean {
  if (!readsBodies || !hasBody(req) || isWebSocket(req) || isForeign(req, owns, onUpgrade)) return true;
  closeAfterAnswer(req.socket);
  return false;
}

// RFC 9110 7.8: an upgrade in a request of HTTP/1.0 is ignored.
function isWebSocket(req: ServedRequest): boolean {
  return (
    req.httpVersion !== "1.0" && req.method === "GET" && req.headers.upgrade?.toLowerCase() === "websocket"
  );
}

/**
 * Turns upgrades into requests with a response on the bare socket, so that they run through the same steps. Upgrades to
 * other protocols than WebSocket are ignored, as RFC 9110 7.8 permits: they are answered like any request.
 *
 * @param event The event that tells the server about a new connection.
 */
export function listenForUpgrades(
  server: Server,
  event: "connection" | "secureConnection",
  { serve, owns, pending, onUpgrade }: UpgradeListeners,
): void {
  const take = (req: ServedRequest, socket: Duplex, head: Buffer): void => {
    if (onUpgrade !== undefined && isForeign(req, owns, onUpgrade)) {
      onUpgrade(req, socket, head);
      return;
    }
    if (!isWebSocket(req)) {
      socket.off("error", ignore);
      putBack(req, socket, head);
      server.emit(event, socket);
      return;
    }
    const res = createLastResponse(req, socket);
    upgradeHeads.set(req, head);
    serve(res, true);
  };
  server.on("upgrade", (incoming, socket: Duplex, head: Buffer) => {
    const req = incoming as ServedRequest;
    runInTurn(socket, pending(socket), () => take(req, socket, head));
  });
}

/**
 * Node no longer reads HTTP from the socket, including the body. This makes Node read the same head again, without
 * `upgrade` in its `Connection` header.
 */
function putBack(
  { method, url, httpVersion, rawHeaders }: ServedRequest,
  socket: Duplex,
  rest: Buffer,
): void {
  const lines = [`${method} ${url} HTTP/${httpVersion}`];
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] as string;
    const value = rawHeaders[index + 1] as string;
    lines.push(`${name}: ${name.toLowerCase() === "connection" ? withoutUpgrade(value) : value}`);
  }
  socket.unshift(Buffer.concat([Buffer.from(`${lines.join("\r\n")}\r\n\r\n`, "latin1"), rest]));
}

function withoutUpgrade(tokens: string): string {
  return tokens
    .split(",")
    .filter((token) => token.trim().toLowerCase() !== "upgrade")
    .join(",");
}

// A malformed path is answered here.
function isForeign(
  req: ServedRequest,
  owns: UpgradeListeners["owns"],
  onUpgrade: UpgradeListeners["onUpgrade"],
): boolean {
  try {
    return onUpgrade !== undefined && !owns(req);
  } catch {
    return false;
  }
}
