import { after, describe, it } from "node:test";
import { contract, createContractApp, type Send, sendByFetch, sendByInject } from "./support/contract.js";

function holds(by: string, send: Send): void {
  describe(by, () => {
    for (const [fact, run] of contract) it(fact, () => run(send));
  });
}

const app = createContractApp();
const address = await app.listen({ port: 0, host: "127.0.0.1" });
const port = typeof address === "string" ? 0 : address.port;
after(() => app.close({ drainIdle: 0, timeout: 500 }));

holds("a connection of node:http", sendByFetch(`http://127.0.0.1:${port}`, fetch));
holds("App.inject", sendByInject(app));
holds("App.fetch", sendByFetch("http://localhost", app.fetch));
