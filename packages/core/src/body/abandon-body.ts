import type { Socket } from "node:net";
import { kResponse } from "../exchange/internal.js";
import type { ServedRequest } from "../exchange/served.js";

const lingerTimeout = 5000;

/**
 * Leaves the rest of a body unread. The connection cannot serve another request then. It is closed on this side when
 * the answer has left, and on the other only when the client has ended too, or had its time: a closed socket with
 * unread bytes is reset, and a client that still sends would lose the answer with it (RFC 9112 9.6).
 */
export function abandonBody(req: ServedRequest): void {
  const res = req[kResponse];
  if (req.complete || res === undefined || res.headersSent) return;
  res.shouldKeepAlive = false;
  const socket = req.socket as Socket | undefined;
  // A request without a connection has nothing to close.
  if (typeof socket?.destroySoon !== "function") return;
  req.on("error", () => {});
  socket.destroySoon = () => {
    socket.end();
    req.resume();
    const timer = setTimeout(() => socket.destroy(), lingerTimeout);
    timer.unref();
    socket.once("close", () => clearTimeout(timer));
  };
}
