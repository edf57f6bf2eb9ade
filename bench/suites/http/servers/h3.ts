import { H3, readValidatedBody, serve } from "h3";
import { data, routeCount, type Start, text } from "../cases.ts";
import { userSchema } from "../user-schema.ts";

const start: Start = async (name) => {
  const app = new H3();
  if (name === "text") app.get("/", () => text);
  if (name === "json") app.get("/", () => data);
  for (let index = 0; index < routeCount; index++) {
    app.get(`/group${index}/items/:id`, (event) => ({ id: event.context.params?.id }));
  }
  app.post("/users", async (event) => ({ id: 1, name: (await readValidatedBody(event, userSchema)).name }));
  const server = serve(app, { port: 0, hostname: "127.0.0.1", silent: true });
  await server.ready();
  return Number(new URL(server.url ?? "").port);
};

export default start;
