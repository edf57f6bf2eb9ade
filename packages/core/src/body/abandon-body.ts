import type { Socket } from "node:net";
import { kContinue, kResponse } from "../exchange/internal.js";
import type { ServedRequest, ServedResponse } from "../exchange/served.js";

const lingerTimeout = 5000;

/**
 * Leaves the rest of a body unread. The connection cannot serve another request after that. This side of the connection
 * is closed when the answer has left. The whole connection is closed when the client has closed its side, or after
 * `lingerTimeout`. If a socket with unread bytes is closed, it is reset, and a client that still sends would lose the
 * answer (RFC 9112 9.6).
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

/**
 * If a client asks before it sends its body (`Expect: 100-continue`), the client waits until something reads the body.
 * If the request is refused by its head alone, the client need not send the body. An answer without the 100 is the last
 * one of its connection, because the client may have begun to send anyway (RFC 9110 10.1.1).
 */
export function awaitReader(req: ServedRequest, res: ServedResponse): void {
  req[kResponse] = res;
  const { shouldKeepAlive } = res;
  const socket = req.socket as Partial<Socket>;
  const destroySoon = Object.getOwnPropertyDescriptor(socket, "destroySoon");
  abandonBody(req);
  req[kContinue] = () => {
    req[kContinue] = undefined;
    if (res.headersSent || res.destroyed) return;
    res.shouldKeepAlive = shouldKeepAlive;
    if (destroySoon === undefined) delete socket.destroySoon;
    else Object.defineProperty(socket, "destroySoon", destroySoon);
    // The client may already have sent the whole body without waiting.
    if (!req.complete) res.writeContinue();
  };
}
