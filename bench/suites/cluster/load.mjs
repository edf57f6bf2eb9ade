// Asks without a pause over connections that stay open, in a process of its own.
import { connect } from "node:net";

const [port, count] = process.argv.slice(2).map(Number);
const request = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";
for (let index = 0; index < count; index++) {
  const socket = connect(port, "127.0.0.1", () => socket.write(request));
  socket.on("data", () => socket.write(request)).on("error", () => process.exit(1));
}
setTimeout(() => console.log("warm"), 1000);
