import { App, hook, Router } from "@miqro/core";
import { data, type Start, text } from "../cases.ts";

const headers = { "content-type": "application/json" };
const seen = { count: 0 };
const counting = hook.define({
  request: () => {
    seen.count++;
  },
  transform: (value) => value,
  send: () => {
    seen.count++;
  },
  error: () => {
    seen.count++;
  },
});

const start: Start = async (name) => {
  const app = new App();
  const scope = new Router();
  if (name === "beside")
    app.use(
      "/other",
      new Router().register(counting).get("/path", () => data),
    );
  if (name === "plain" || name === "beside") scope.get("/path", () => data);
  if (name === "json") scope.get("/path", (_req, res) => res.json(data));
  if (name === "direct") scope.get("/path", () => new Response(text, { headers }));
  if (name === "data") {
    scope.hook("request", () => {
      seen.count++;
    });
    scope.hook("transform", (value) => value);
    scope.get("/path", () => data);
  }
  if (name === "early") {
    scope.hook("request", () => new Response(text, { headers }));
    scope.hook("transform", (value) => value);
    scope.get("/path", () => data);
  }
  if (name === "error") {
    scope.hook("error", (error) => Response.json({ message: error.message }, { status: 418 }));
    scope.get("/path", () => {
      throw new Error("broken");
    });
  }
  app.use("/scope", scope);
  const address = await app.listen({ port: 0, host: "127.0.0.1" });
  return typeof address === "string" ? 0 : address.port;
};

export default start;
