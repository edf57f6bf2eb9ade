// Runs the contract on the runtime that starts this file, by every way that it has, and prints what failed.
import { contract, createContractApp, type Send, sendByFetch, sendByInject } from "./contract.js";

interface Runtimes {
  readonly Bun?: {
    serve(options: object): { readonly port: number; stop(force: boolean): Promise<void> };
  };
  readonly Deno?: {
    serve(
      options: object,
      handler: unknown,
    ): { readonly addr: { readonly port: number }; shutdown(): Promise<void> };
  };
}

const { Bun, Deno } = globalThis as Runtimes;
const app = createContractApp();
const failures: string[] = [];
let passed = 0;

async function check(by: string, send: Send): Promise<void> {
  for (const [fact, run] of contract) {
    try {
      await run(send);
      passed++;
    } catch (error) {
      failures.push(`${by}: ${fact}\n${error instanceof Error ? error.stack : error}`);
    }
  }
}

await check("App.inject", sendByInject(app));
await check("App.fetch", sendByFetch("http://localhost", app.fetch));
if (Bun !== undefined) {
  const server = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    fetch: (request: Request) => app.fetch(request),
  });
  await check("Bun.serve", sendByFetch(`http://127.0.0.1:${server.port}`, fetch));
  await server.stop(true);
} else if (Deno !== undefined) {
  const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen: () => {} }, app.fetch);
  await check("Deno.serve", sendByFetch(`http://127.0.0.1:${server.addr.port}`, fetch));
  await server.shutdown();
} else {
  const address = await app.listen({ port: 0, host: "127.0.0.1" });
  if (typeof address === "string") throw new Error("expected a port");
  await check("node:http", sendByFetch(`http://127.0.0.1:${address.port}`, fetch));
  await app.close({ drainIdle: 0, timeout: 500 });
}
for (const failure of failures) console.log(failure);
console.log(`${passed} passed, ${failures.length} failed`);
process.exit(failures.length === 0 ? 0 : 1);
