import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import fastifyStatic from "@fastify/static";
import { App, Static } from "@miqro/core";
import express from "express";
import Fastify from "fastify";
import sirv from "sirv";
import type { Start } from "./cases.ts";

/** Each serves the folders by what it recommends itself. */
export const starts: Readonly<Record<"miqro" | "fastify" | "sirv" | "express", Start>> = {
  async miqro(folders) {
    const app = new App();
    for (const folder of folders) app.fallback(Static(folder));
    const address = await app.listen({ port: 0, host: "127.0.0.1" });
    return typeof address === "string" ? 0 : address.port;
  },

  async fastify(folders) {
    const app = Fastify();
    // It tries several roots in their order.
    await app.register(fastifyStatic, { root: [...folders] });
    await app.listen({ port: 0, host: "127.0.0.1" });
    return app.addresses()[0]?.port ?? 0;
  },

  async sirv(folders) {
    // `dev` looks at the disk for each request, as the others do; without it sirv serves what was there at the start.
    const [first, second] = folders.map((folder) => sirv(folder, { etag: true, dev: true }));
    return listen((req, res) =>
      first?.(req, res, () => second?.(req, res, () => void res.writeHead(404).end("Not Found"))),
    );
  },

  async express(folders) {
    const app = express();
    app.disable("x-powered-by");
    for (const folder of folders) app.use(express.static(folder));
    return listen(app);
  },
};

function listen(listener: RequestListener): Promise<number> {
  const server = createServer(listener);
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => resolve((server.address() as AddressInfo).port));
  });
}
