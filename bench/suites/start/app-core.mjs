// The handlers of the app of the suite `app` on the core, with the same modules and without miqro. Its folder comes as
// the argument.
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { App, CORS, Compression, SessionHandler, Static } from "@miqro/core";
import { verify } from "@miqro/core/jwt";
import { renderPage } from "@miqro/jsx-node";
import { Database } from "@miqro/query";

const folder = process.argv[2];
const load = async (file) => (await import(pathToFileURL(join(folder, file)).href)).default;
const [hooks, options, { default: page, apiOptions }, list, create] = await Promise.all([
  load("server.js"),
  load("db.js"),
  import(pathToFileURL(join(folder, "http/orders.html.js")).href),
  load("http/api/orders.api.js"),
  load("http/api/create.api.js"),
]);
const db = new Database({ storage: options.storage });
await db.connect();
const server = { db: { get: () => db } };
await hooks.load(server);

const app = new App();
app.use(CORS());
app.use(Compression());
app.use((req) => {
  req.server = server;
});
app.use(
  SessionHandler({
    required: false,
    async verify({ token }) {
      const { name, groups } = await verify(token, process.env.APP_SECRET);
      return { account: "shop", username: name, groups, token };
    },
  }),
);
app.route({
  ...apiOptions,
  path: "/orders.html",
  async handler(req, res) {
    const element = await page(req);
    res.html(`<!DOCTYPE html>${renderPage(element, { url: req.url })}`);
  },
});
app.route({ ...list, path: "/api/orders" });
app.route({ ...create, path: "/api/orders" });
app.fallback(Static(join(folder, "static")));
const { port } = await app.listen({ port: 0, host: "127.0.0.1" });
console.log(`http://127.0.0.1:${port}`);
