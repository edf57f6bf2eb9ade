import { H3, onError, serve } from "h3";
import { data, type Start, text } from "../cases.ts";

const headers = { "content-type": "application/json" };
const seen = { count: 0 };

const start: Start = async (name) => {
  const app = new H3();
  if (name === "direct") app.get("/scope/path", () => new Response(text, { headers }));
  if (name === "data") {
    // There, a middleware changes the data that a handler returns.
    app.use("/scope/**", (_event, next) => {
      seen.count++;
      return next();
    });
    app.get("/scope/path", () => data);
  }
  if (name === "early") {
    app.use("/scope/**", () => new Response(text, { headers }));
    app.get("/scope/path", () => data);
  }
  if (name === "error") {
    app.use(onError((error) => Response.json({ message: error.message }, { status: 418 })));
    app.get("/scope/path", () => {
      throw new Error("broken");
    });
  }
  const server = serve(app, { port: 0, hostname: "127.0.0.1", silent: true });
  await server.ready();
  return Number(new URL(server.url ?? "").port);
};

export default start;
