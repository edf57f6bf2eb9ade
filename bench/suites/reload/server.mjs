// A server as its author writes it: it answers after a moment, keeps WebSockets open, and ends in order when it is told.
import { createHash } from "node:crypto";
import { createServer } from "node:http";

const sockets = new Set();
const server = createServer((_req, res) => {
  setTimeout(() => res.end(String(process.pid)), Math.random() * 4);
});
server.on("upgrade", (req, socket) => {
  const accept = createHash("sha1")
    .update(`${req.headers["sec-websocket-key"]}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`)
    .digest("base64");
  socket.write(
    `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
  );
  sockets.add(socket);
  socket.on("error", () => {}).on("close", () => sockets.delete(socket));
});
const stop = () => {
  // A close frame with code 1001, going away.
  for (const socket of sockets) socket.end(Buffer.from([0x88, 2, 0x03, 0xe9]));
  server.close(() => process.exit(0));
};
process.once("SIGTERM", stop).once("SIGINT", stop);
server.listen(Number(process.env.PORT), "127.0.0.1", () => process.send?.("ready"));
