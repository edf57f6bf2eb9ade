import type { AddressInfo } from "node:net";
import express from "express";
import { data, routeCount, type Start, text } from "../cases.ts";
import { userSchema } from "../user-schema.ts";

const start: Start = (name) =>
  new Promise((resolve) => {
    const app = express();
    app.disable("x-powered-by");
    app.disable("etag");
    if (name === "text") app.get("/", (_req, res) => void res.type("text/plain").send(text));
    if (name === "json") app.get("/", (_req, res) => void res.json(data));
    for (let index = 0; index < routeCount; index++) {
      app.get(`/group${index}/items/:id`, (req, res) => void res.json({ id: req.params.id }));
    }
    app.post("/users", express.json(), (req, res) => {
      const result = userSchema.safeParse(req.body);
      if (result.success) res.json({ id: 1, name: result.data.name });
      else res.status(400).json({});
    });
    const server = app.listen(0, "127.0.0.1", () => resolve((server.address() as AddressInfo).port));
  });

export default start;
