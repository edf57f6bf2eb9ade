// Serves what the table of runtimes in the README names, by the server of the runtime that starts this file, and prints
// what clients get.
import { fileURLToPath } from "node:url";
import { App, Compression, defineRoute, MultipartParser, SecurityHeaders, Static } from "@miqro/core";
import { createApp } from "@miqro/core/bun";
import { context } from "@miqro/core/context";

interface DenoServer {
  readonly addr: { readonly port: number };
  shutdown(): Promise<void>;
}

const { Bun, Deno } = globalThis as {
  Bun?: object;
  Deno?: { serve(options: object, handler: unknown): DenoServer };
};

const app = Bun === undefined ? new App() : createApp();
app.hook("request", (req) => {
  req.seen = context().req.path;
});
app.use(SecurityHeaders()).use(Compression());
app.use("/files", Static(fileURLToPath(new URL(".", import.meta.url))));
app.get("/big", (req) => ({
  seen: req.path,
  list: Array.from({ length: 2000 }, (_, index) => `item ${index}`),
}));
app.get("/events", async (_req, res) => {
  const events = res.sse();
  await events.send({ data: "one" });
  await events.send({ event: "two", data: "three" });
  events.close();
});
app.post("/upload", MultipartParser(), (req) => Object.keys(req.body as object));
app.route(
  defineRoute({
    path: "/checked/:id",
    request: { params: { id: "number" } },
    response: { body: { id: "number" } },
    handler: (req) => ({ id: req.params.id, secret: true }),
  }),
);

async function listen(): Promise<readonly [port: number, stop: () => Promise<void>]> {
  if (Deno !== undefined) {
    const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen: () => {} }, app.fetch);
    return [server.addr.port, () => server.shutdown()];
  }
  const address = await app.listen({ port: 0, host: "127.0.0.1" });
  if (typeof address === "string") throw new Error("expected a port");
  return [address.port, () => app.close({ drainIdle: 0 })];
}

const [port, stop] = await listen();
const form = new FormData();
form.append("text", "a");
form.append("file", new Blob(["bytes"]), "x.txt");
const file = "/files/features-main.js";
for (const [path, init] of [
  [file, {}],
  [file, { headers: { range: "bytes=3-9" } }],
  ["/files/none", { method: "HEAD" }],
  ["/big", { headers: { "accept-encoding": "gzip" } }],
  ["/big", { headers: { "accept-encoding": "br" } }],
  ["/events", { headers: { "accept-encoding": "identity" } }],
  ["/upload", { method: "POST", body: form }],
  ["/checked/7", {}],
  ["/checked/x", { method: "HEAD" }],
] as const) {
  const answer = await fetch(`http://127.0.0.1:${port}${path}`, {
    ...init,
    headers: { "accept-encoding": "identity", ...("headers" in init ? init.headers : {}) },
  });
  const text = await answer.text();
  const names = ["content-type", "content-encoding", "content-range", "x-frame-options"];
  const headers = names.map((name) => answer.headers.get(name));
  console.log(JSON.stringify([path, answer.status, ...headers, text.length, text.slice(0, 40)]));
}
await stop();
process.exit(0);
