import type { Server } from "node:http";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { NodeResponse } from "../http/node-response.js";
import type { ServedRequest, ServedResponse } from "../http/served.js";

const heads = new WeakMap<ServedRequest, Buffer>();

/** The bytes that came after the head of an upgrade; `undefined` when the request is not one. */
export function takeUpgradeHead(req: ServedRequest): Buffer | undefined {
  const head = heads.get(req);
  heads.delete(req);
  return head;
}

/**
 * Turns upgrades into requests with a response on the bare socket, so that they run through the same steps. Upgrades
 * to anything but WebSocket are ignored, as RFC 9110 7.8 permits: they are answered like any request.
 */
export function listenForUpgrades(
  server: Server,
  serve: (res: ServedResponse, isUpgrade: boolean) => void,
): void {
  server.on("upgrade", (req, socket: Duplex, head: Buffer) => {
    const request = req as ServedRequest;
    // Without a listener the error of a client that goes away would end the process.
    const ignore = (): void => {};
    socket.on("error", ignore);
    const res = new NodeResponse(request) as unknown as ServedResponse;
    res.shouldKeepAlive = false;
    res.assignSocket(socket as Socket);
    res.once("finish", () => {
      res.detachSocket(socket as Socket);
      socket.end();
    });
    const isWebSocket = request.method === "GET" && request.headers.upgrade?.toLowerCase() === "websocket";
    if (isWebSocket) heads.set(request, head);
    serve(res, isWebSocket);
  });
}
