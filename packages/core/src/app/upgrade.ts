import type { Server } from "node:http";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { upgradeHeads } from "../http/internal.js";
import { NodeResponse } from "../http/node-response.js";
import type { ServedRequest, ServedResponse } from "../http/served.js";

/** Who takes an upgrade. */
export interface UpgradeListeners {
  serve(res: ServedResponse, isUpgrade: boolean): void;
  /** Whether a WebSocket server is at the path of a request. Throws when the path is malformed. */
  owns(req: ServedRequest): boolean;
  readonly onUpgrade: ((req: ServedRequest, socket: Duplex, head: Buffer) => void) | undefined;
}

/**
 * Turns upgrades into requests with a response on the bare socket, so that they run through the same steps. Upgrades
 * to anything but WebSocket are ignored, as RFC 9110 7.8 permits: they are answered like any request.
 */
export function listenForUpgrades(server: Server, { serve, owns, onUpgrade }: UpgradeListeners): void {
  server.on("upgrade", (incoming, socket: Duplex, head: Buffer) => {
    const req = incoming as ServedRequest;
    // Without a listener the error of a client that goes away would end the process.
    socket.on("error", () => {});
    if (onUpgrade !== undefined && !isOwned(req, owns)) {
      onUpgrade(req, socket, head);
      return;
    }
    const res = new NodeResponse(req) as unknown as ServedResponse;
    res.shouldKeepAlive = false;
    res.assignSocket(socket as Socket);
    res.once("finish", () => {
      res.detachSocket(socket as Socket);
      socket.end();
    });
    const isWebSocket = req.method === "GET" && req.headers.upgrade?.toLowerCase() === "websocket";
    if (isWebSocket) upgradeHeads.set(req, head);
    serve(res, isWebSocket);
  });
}

// A malformed path is answered here.
function isOwned(req: ServedRequest, owns: UpgradeListeners["owns"]): boolean {
  try {
    return owns(req);
  } catch {
    return true;
  }
}
