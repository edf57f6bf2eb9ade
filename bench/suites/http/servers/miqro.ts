import { App, defineRoute } from "@miqro/core";
import { data, type Start, text } from "../cases.ts";

const start: Start = async (name, routes) => {
  const app = new App();
  if (name === "text") app.get("/", () => text);
  if (name === "json") app.get("/", () => data);
  for (let index = 0; index < routes; index++) {
    app.get(`/group${index}/items/:id`, (req) => ({ id: req.params.id }));
  }
  app.route(
    defineRoute({
      method: "POST",
      path: "/users",
      request: {
        body: {
          name: { type: "string", minLength: 1, maxLength: 100 },
          age: { type: "integer", min: 0 },
          email: { type: "string", regex: /^[^@\s]+@[^@\s]+$/ },
          tags: "string[]",
        },
      },
      response: { body: { id: "integer", name: "string" } },
      handler: (req) => ({ id: 1, name: req.body.name, secret: "never sent" }),
    }),
  );
  const address = await app.listen({ port: 0, host: "127.0.0.1" });
  return typeof address === "string" ? 0 : address.port;
};

export default start;
