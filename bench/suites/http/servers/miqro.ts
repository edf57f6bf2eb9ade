import { App, defineRoute } from "@miqro/core";
import { data, load, type Start, text } from "../cases.ts";

const start: Start = async (name, routes) => {
  const app = new App();
  if (name === "text") app.get("/", () => text);
  if (name === "json") app.get("/", () => data);
  if (name === "middleware") {
    for (const header of ["x-refused", "x-also-refused"]) {
      app.use((req, res) => {
        if (req.headers[header] !== undefined) res.json({}, undefined, 403);
      });
    }
    app.get("/", () => data);
  }
  if (name === "async") app.get("/", async () => await load());
  if (name === "overlap") {
    // Each segment is named by one of them and open in the others: the sets of live patterns double with each segment.
    for (let at = 0; at < 20; at++) {
      app.get(
        Array.from({ length: 20 }, (_, index) => (index === at ? "/a" : `/:p${index}`)).join(""),
        () => ({}),
      );
    }
  }
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
