import { createHash } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { App, WebSocketServer } from "@miqro/core";
import { WebSocketServer as WSServer } from "ws";

const name = process.argv[2] as "miqro" | "ws" | "sockets";
const payload = "x".repeat(200);
/** The payload as a server sends it: two bytes of head, and two of length. */
const frame = Buffer.concat([Buffer.from([0x81, 126, 0, 200]), Buffer.from(payload)]);
const magic = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

/** Starts a server that echoes, and gives what sends to all clients. */
async function start(): Promise<{ port: number; broadcast: () => void }> {
  // The least that any server does: a socket that was upgraded, and a call of `write` for each message. Its echo knows
  // where the bytes of a message are.
  if (name === "sockets") {
    const server = createServer();
    const all = new Set<Duplex>();
    server.on("upgrade", (req, socket) => {
      const accept = createHash("sha1")
        .update(`${req.headers["sec-websocket-key"]}${magic}`)
        .digest("base64");
      const head = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade";
      socket.write(`${head}\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`);
      socket.on("error", () => {});
      socket.on("data", (chunk: Buffer) => {
        for (let at = 8; at <= chunk.length; at += 208) socket.write(toFrame(chunk.subarray(at, at + 200)));
      });
      all.add(socket);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", () => resolve()));
    return {
      port: (server.address() as AddressInfo).port,
      broadcast: () => {
        for (const socket of all) socket.write(frame);
      },
    };
  }
  if (name === "ws") {
    const server = createServer();
    const sockets = new WSServer({ server });
    sockets.on("connection", (socket) => {
      socket.on("message", (data, binary) => socket.send(data, { binary }));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", () => resolve()));
    return {
      port: (server.address() as AddressInfo).port,
      broadcast: () => {
        for (const socket of sockets.clients) if (socket.readyState === socket.OPEN) socket.send(payload);
      },
    };
  }
  const sockets = new WebSocketServer({ path: "/", onMessage: (client, data) => void client.send(data) });
  const address = await new App().webSocket(sockets).listen({ port: 0, host: "127.0.0.1" });
  return {
    port: typeof address === "string" ? 0 : address.port,
    broadcast: () => void sockets.broadcast(payload),
  };
}

/** The clients mask with zeros. */
function toFrame(data: Buffer): Buffer {
  const answer = Buffer.allocUnsafe(204);
  frame.copy(answer, 0, 0, 4);
  answer.set(data, 4);
  return answer;
}

const { port, broadcast } = await start();
process.on("message", (asked: "cpu" | "memory" | number) => {
  if (asked === "memory") {
    for (let count = 0; count < 4; count++) globalThis.gc?.();
    process.send?.(process.memoryUsage());
    return;
  }
  if (asked === "cpu") {
    process.send?.(process.cpuUsage());
    return;
  }
  // As where several messages come in one turn of the event loop, and each is passed on to all.
  for (let count = 0; count < asked; count++) broadcast();
});
process.on("disconnect", () => process.exit());
process.send?.({ port });
