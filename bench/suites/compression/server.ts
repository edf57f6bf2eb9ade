import fastifyCompress from "@fastify/compress";
import { App, Compression } from "@miqro/core";
import Fastify from "fastify";
import { rows, type Size } from "./cases.ts";

const [name, size] = process.argv.slice(2) as ["miqro" | "fastify", Size];
const body = rows(size);

async function start(): Promise<number> {
  if (name === "fastify") {
    const app = Fastify();
    await app.register(fastifyCompress);
    app.get("/", (_request, reply) => reply.send(body));
    await app.listen({ port: 0, host: "127.0.0.1" });
    return app.addresses()[0]?.port ?? 0;
  }
  const app = new App();
  app.use(Compression());
  app.get("/", () => body);
  const address = await app.listen({ port: 0, host: "127.0.0.1" });
  return typeof address === "string" ? 0 : address.port;
}

const port = await start();
process.on("message", () => process.send?.(process.cpuUsage()));
process.on("disconnect", () => process.exit());
process.send?.({ port });
