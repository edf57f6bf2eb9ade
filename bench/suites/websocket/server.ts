import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { App, WebSocketServer } from "@miqro/core";
import { WebSocketServer as WSServer } from "ws";

const name = process.argv[2] as "miqro" | "ws";
const payload = "x".repeat(200);

/** Starts a server that echoes, and gives what sends to all clients. */
async function start(): Promise<{ port: number; broadcast: () => void }> {
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

const { port, broadcast } = await start();
process.on("message", (asked: "cpu" | number) => {
  if (asked === "cpu") {
    process.send?.(process.cpuUsage());
    return;
  }
  // As where several messages come in one turn of the event loop, and each is passed on to all.
  for (let count = 0; count < asked; count++) broadcast();
});
process.on("disconnect", () => process.exit());
process.send?.({ port });
