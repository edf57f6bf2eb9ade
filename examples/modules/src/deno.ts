import { createApp } from "@miqro/core/node";
import { host, options, port } from "./options.js";

interface DenoServer {
  readonly addr: { readonly port: number };
  shutdown(): Promise<void>;
}

declare const Deno: {
  serve(options: object, handler: (request: Request, info: object) => Promise<Response>): DenoServer;
};

// Deno listens by itself, so the app hears of no `listen` hook.
const app = createApp(options);
await app.ready();
const server = Deno.serve({ port, hostname: host, onListen: () => {} }, app.fetch);
console.log(`Tasks at http://${host}:${server.addr.port}`);
for (const signal of ["SIGINT", "SIGTERM"]) {
  process.once(signal, async () => {
    await server.shutdown();
    await app.close();
  });
}
