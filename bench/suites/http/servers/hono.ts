import { serve } from "@hono/node-server";
import { Hono } from "hono";
import { validator } from "hono/validator";
import { data, load, type Start, text } from "../cases.ts";
import { userSchema } from "../user-schema.ts";

const start: Start = (name, routes) =>
  new Promise((resolve) => {
    const app = new Hono();
    if (name === "text") app.get("/", (c) => c.text(text));
    if (name === "json") app.get("/", (c) => c.json(data));
    if (name === "middleware") {
      for (const header of ["x-refused", "x-also-refused"]) {
        app.use((c, next) =>
          c.req.header(header) === undefined ? next() : Promise.resolve(c.json({}, 403)),
        );
      }
      app.get("/", (c) => c.json(data));
    }
    if (name === "async") app.get("/", async (c) => c.json(await load()));
    for (let index = 0; index < routes; index++) {
      app.get(`/group${index}/items/:id`, (c) => c.json({ id: c.req.param("id") }));
    }
    const checked = validator("json", (value, c) => {
      const result = userSchema.safeParse(value);
      return result.success ? result.data : c.json({}, 400);
    });
    app.post("/users", checked, (c) => c.json({ id: 1, name: c.req.valid("json").name }));
    serve({ fetch: app.fetch, port: 0, hostname: "127.0.0.1" }, ({ port }) => resolve(port));
  });

export default start;
