import { createServer } from "node:http";
import { data, type Start } from "../cases.ts";

const start: Start = () =>
  new Promise((resolve) => {
    const server = createServer((_req, res) => {
      const body = JSON.stringify(data);
      res.writeHead(200, { "Content-Type": "application/json", "Content-Length": Buffer.byteLength(body) });
      res.end(body);
    });
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      resolve(typeof address === "object" && address !== null ? address.port : 0);
    });
  });

export default start;
