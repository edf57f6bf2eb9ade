import type { Server } from "node:http";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { hasBody } from "../body/read-body.js";
import { upgradeHeads } from "../http/internal.js";
import { NodeResponse } from "../http/node-response.js";
import type { ServedRequest, ServedResponse } from "../http/served.js";

/** Who takes an upgrade. */
export interface UpgradeListeners {
  serve(res: ServedResponse, isUpgrade: boolean): void;
  /** Whether a WebSocket server is at the path of a request. Throws when the path is malformed. */
  owns(req: ServedRequest): boolean;
  /** The last request on a connection, until its answer has left. */
  pending(socket: Duplex): ServedResponse | undefined;
  readonly onUpgrade: ((req: ServedRequest, socket: Duplex, head: Buffer) => void) | undefined;
}

/**
 * Whether Node is to hand on an upgrade, which it asks from 24.9 on. One that is ignored in the end is, too, unless it has
 * a body: Node loses what was sent behind it, and newer versions read the body themselves.
 */
export function isTaken(req: ServedRequest, { owns, onUpgrade }: UpgradeListeners): boolean {
  return !hasBody(req) || isWebSocket(req) || isForeign(req, owns, onUpgrade);
}

function isWebSocket(req: ServedRequest): boolean {
  return req.method === "GET" && req.headers.upgrade?.toLowerCase() === "websocket";
}

/**
 * Turns upgrades into requests with a response on the bare socket, so that they run through the same steps. Upgrades
 * to anything but WebSocket are ignored, as RFC 9110 7.8 permits: they are answered like any request.
 *
 * @param event By which the server learns of a connection.
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
      putBack(req, socket, head);
      server.emit(event, socket);
      return;
    }
    const res = new NodeResponse(req) as unknown as ServedResponse;
    res.shouldKeepAlive = false;
    res.assignSocket(socket as Socket);
    res.once("finish", () => {
      res.detachSocket(socket as Socket);
      // What the client still sends is thrown away until it closes too, or stalls.
      socket.end();
      socket.resume();
    });
    upgradeHeads.set(req, head);
    serve(res, true);
  };
  server.on("upgrade", (incoming, socket: Duplex, head: Buffer) => {
    const req = incoming as ServedRequest;
    // Without a listener the error of a client that goes away would end the process.
    socket.on("error", () => {});
    const earlier = pending(socket);
    if (earlier === undefined) {
      take(req, socket, head);
      return;
    }
    // It was sent before the answer to the request in front of it, and Node has answers wait for each other, but not
    // upgrades.
    earlier.once("close", () => {
      if (socket.destroyed || socket.writableEnded) return;
      // That of Node between two requests.
      (socket as Socket).setTimeout(0);
      take(req, socket, head);
    });
  });
}

// Node has stopped to read HTTP from the socket, further requests included, and older versions the body as well. Without
// the header, it begins anew.
function putBack(req: ServedRequest, socket: Duplex, head: Buffer): void {
  let text = `${req.method} ${req.url} HTTP/${req.httpVersion}\r\n`;
  for (let index = 0; index < req.rawHeaders.length; index += 2) {
    const [name = "", value = ""] = req.rawHeaders.slice(index, index + 2);
    if (name.toLowerCase() !== "upgrade") text += `${name}: ${value}\r\n`;
  }
  socket.unshift(Buffer.concat([Buffer.from(`${text}\r\n`, "latin1"), head]));
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
