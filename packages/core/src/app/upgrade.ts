import type { Server } from "node:http";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { hasBody } from "../body/read-body.js";
import { upgradeHeads } from "../exchange/internal.js";
import { endAnswer, NodeResponse } from "../exchange/node-response.js";
import type { ServedRequest, ServedResponse } from "../exchange/served.js";

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
    const res = new NodeResponse(req);
    res.shouldKeepAlive = false;
    res.assignSocket(socket as Socket);
    // Node reads no more from the socket. Without a reader, nobody would see that the client goes away.
    const onEnd = (): void => void socket.end();
    socket.once("end", onEnd);
    socket.read(0);
    res.once("finish", () => {
      socket.off("end", onEnd);
      // The WebSocket server has taken the connection.
      if (res.socket === null) return;
      res.detachSocket(socket as Socket);
      // The bytes that the client still sends are thrown away until the client closes the connection too, or stalls.
      socket.end();
      socket.resume();
      process.nextTick(endAnswer, res);
    });
    upgradeHeads.set(req, head);
    serve(res as unknown as ServedResponse, true);
  };
  server.on("upgrade", (incoming, socket: Duplex, head: Buffer) => {
    const req = incoming as ServedRequest;
    // Without a listener, the error of a client that disconnects would end the process.
    socket.on("error", ignore);
    const earlier = pending(socket);
    if (earlier === undefined) {
      take(req, socket, head);
      return;
    }
    // This answer was sent before the answer to the earlier request. Node makes answers wait for each other, but not
    // upgrades.
    earlier.once("close", () => {
      if (socket.destroyed || socket.writableEnded) return;
      // Node's own timeout between two requests.
      (socket as Socket).setTimeout(0);
      take(req, socket, head);
    });
  });
}

function ignore(): void {}

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
