import { connect, createServer } from "node:net";
import { node } from "@elysiajs/node";
import { Elysia } from "elysia";
import { data, type Start, text } from "../cases.ts";

const headers = { "content-type": "application/json" };
const seen = { count: 0 };

const start: Start = async (name) => {
  const app = new Elysia({ adapter: node(), prefix: "/scope" });
  if (name === "direct") app.get("/path", () => new Response(text, { headers }));
  if (name === "data") {
    app
      .onBeforeHandle(() => {
        seen.count++;
      })
      .onAfterHandle(({ responseValue }) => responseValue)
      .get("/path", () => data);
  }
  if (name === "early") {
    app
      .onBeforeHandle(() => new Response(text, { headers }))
      .onAfterHandle(({ responseValue }) => responseValue)
      .get("/path", () => data);
  }
  if (name === "error") {
    app
      .onError(({ error }) => Response.json({ message: (error as Error).message }, { status: 418 }))
      .get("/path", () => {
        throw new Error("broken");
      });
  }
  // It does not tell where it listens when it is asked for any port.
  const port = await findPort();
  app.listen({ port, hostname: "127.0.0.1" });
  // It tells that it listens before it does.
  while (!(await canConnect(port)));
  return port;
};

function canConnect(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    const settle = (can: boolean): void => {
      socket.destroy();
      resolve(can);
    };
    socket.on("connect", () => settle(true)).on("error", () => settle(false));
  });
}

function findPort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0));
    });
  });
}

export default start;
