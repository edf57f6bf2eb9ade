import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { endAnswer, NodeResponse } from "../exchange/node-response.js";
import type { ServedRequest, ServedResponse } from "../exchange/served.js";

/** Makes the response to the last request on a socket from which Node no longer reads HTTP. */
export function createLastResponse(req: ServedRequest, socket: Duplex): ServedResponse {
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
  return res as unknown as ServedResponse;
}

/**
 * Runs a function when the answers to the earlier requests on a socket have left. Node makes answers wait for each
 * other, but not upgrades and tunnels.
 *
 * @param earlier The last request on the socket that still waits for its answer.
 */
export function runInTurn(socket: Duplex, earlier: ServedResponse | undefined, run: () => void): void {
  // Without a listener, the error of a client that disconnects would end the process.
  socket.on("error", ignore);
  if (earlier === undefined) {
    run();
    return;
  }
  earlier.once("close", () => {
    if (socket.destroyed || socket.writableEnded) return;
    // Node's own timeout between two requests.
    (socket as Socket).setTimeout(0);
    run();
  });
}

/** A listener for errors that need no answer. */
export function ignore(): void {}
