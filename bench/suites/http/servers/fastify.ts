import Fastify from "fastify";
import { data, load, type Start, text, type User } from "../cases.ts";

const user = {
  type: "object",
  required: ["name", "age", "email", "tags"],
  properties: {
    name: { type: "string", minLength: 1, maxLength: 100 },
    age: { type: "integer", minimum: 0 },
    email: { type: "string", pattern: "^[^@\\s]+@[^@\\s]+$" },
    tags: { type: "array", items: { type: "string" } },
  },
};
const object = (properties: object) => ({ response: { 200: { type: "object", properties } } });
const jsonSchema = object({
  message: { type: "string" },
  list: { type: "array", items: { type: "integer" } },
  nested: { type: "object", properties: { yes: { type: "boolean" } } },
});

const start: Start = async (name, routes) => {
  const app = Fastify();
  if (name === "text") app.get("/", () => text);
  if (name === "json") app.get("/", { schema: jsonSchema }, () => data);
  if (name === "middleware") {
    for (const header of ["x-refused", "x-also-refused"]) {
      app.addHook("onRequest", (req, reply, done) => {
        if (req.headers[header] !== undefined) reply.code(403).send({});
        else done();
      });
    }
    app.get("/", { schema: jsonSchema }, () => data);
  }
  if (name === "async") app.get("/", { schema: jsonSchema }, async () => await load());
  for (let index = 0; index < routes; index++) {
    const path = `/group${index}/items/:id`;
    app.get(path, { schema: object({ id: { type: "string" } }) }, (req) => ({
      id: (req.params as { id: string }).id,
    }));
  }
  app.post(
    "/users",
    { schema: { body: user, ...object({ id: { type: "integer" }, name: { type: "string" } }) } },
    (req) => ({ id: 1, name: (req.body as User).name, secret: "never sent" }),
  );
  await app.listen({ port: 0, host: "127.0.0.1" });
  return app.addresses()[0]?.port ?? 0;
};

export default start;
