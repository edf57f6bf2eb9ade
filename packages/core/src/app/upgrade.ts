import type { Server, ServerResponse } from "node:http";
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
 * Turns upgrades to WebSocket into requests with a response on the bare socket, so that they run through the same
 * steps. Other upgrades are ignored, as RFC 9110 7.8 permits: they are answered like any request.
 *
 * @param event With which the server takes a connection.
 */
export function listenForUpgrades(
  server: Server,
  event: "connection" | "secureConnection",
  { serve, owns, onUpgrade }: UpgradeListeners,
): void {
  const take = (req: ServedRequest, socket: Socket, head: Buffer): void => {
    if (!socket.writable) return;
    if (onUpgrade !== undefined && !isOwned(req, owns)) {
      onUpgrade(req, socket, head);
      return;
    }
    if (req.method !== "GET" || req.headers.upgrade?.toLowerCase() !== "websocket") {
      socket.off("error", ignore);
      socket.unshift(Buffer.concat([writeHead(req), head]));
      server.emit(event, socket);
      return;
    }
    const res = new NodeResponse(req) as unknown as ServedResponse;
    res.shouldKeepAlive = false;
    res.assignSocket(socket);
    res.once("finish", () => {
      res.detachSocket(socket);
      // Nothing watches the socket any more, so a client that keeps its half would have it for ever.
      socket.destroySoon();
    });
    upgradeHeads.set(req, head);
    serve(res, true);
  };
  server.on("upgrade", (incoming, duplex: Duplex, head: Buffer) => {
    const socket = duplex as Socket;
    // Without a listener the error of a client that goes away would end the process.
    socket.on("error", ignore);
    whenFree(socket, () => take(incoming as ServedRequest, socket, head));
  });
}

function ignore(): void {}

interface AnsweredSocket extends Socket {
  readonly _httpMessage?: ServerResponse | null;
}

// Node tells of an upgrade at once, also behind requests of the same connection that are not answered yet.
function whenFree(socket: AnsweredSocket, run: () => void): void {
  const { _httpMessage: previous } = socket;
  if (previous === undefined || previous === null) run();
  else previous.once("close", () => whenFree(socket, run));
}

/**
 * The head of a request as it was sent, without the wish to upgrade. Node has read no further than the head of an
 * upgrade, so with a head that is none the body is read as well.
 */
function writeHead({ method, url, httpVersion, rawHeaders }: ServedRequest): Buffer {
  const lines = [`${method} ${url} HTTP/${httpVersion}`];
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] as string;
    const value = rawHeaders[index + 1] as string;
    lines.push(`${name}: ${name.toLowerCase() === "connection" ? withoutUpgrade(value) : value}`);
  }
  return Buffer.from(`${lines.join("\r\n")}\r\n\r\n`, "latin1");
}

function withoutUpgrade(tokens: string): string {
  return tokens
    .split(",")
    .filter((token) => token.trim().toLowerCase() !== "upgrade")
    .join(",");
}

// A malformed path is answered here.
function isOwned(req: ServedRequest, owns: UpgradeListeners["owns"]): boolean {
  try {
    return owns(req);
  } catch {
    return true;
  }
}
