import assert from "node:assert/strict";
import { after, describe, it } from "node:test";
import { App, JSONParser, Logger } from "@miqro/core";
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
describe("App.inject", () => {
  it("answers 400 to a method that is none", async () => {
    assert.equal((await app.inject({ method: "nonsense", url: "/" })).status, 400);
  });

  it("tells that an answer was cut, and when a body was", async () => {
    const cut = new App({ loggerFactory: (identifier) => new Logger(identifier, "none") });
    cut.get("/", (_req, res) => {
      res.write("half");
      setImmediate(() => res.destroy());
      return false;
    });
    cut.post("/", JSONParser(), () => "never");
    await assert.rejects(cut.inject("/"), /closed before the answer was complete/);
    const body = async function* () {
      yield new Uint8Array([91]);
      throw new Error("the source failed");
    };
    const headers = { "content-type": "application/json" };
    assert.equal((await cut.inject({ method: "POST", url: "/", headers, body: body() })).status, 400);
  });
});

describe("App.fetch", () => {
  it("rejects for a status that no web response has, however late, and for who has left already", async () => {
    const odd = new App({ loggerFactory: (identifier) => new Logger(identifier, "none") });
    odd.get("/", (_req, res) => {
      setImmediate(() => {
        res.statusCode = 600;
        res.end("x");
      });
      return false;
    });
    await assert.rejects(odd.fetch(new Request("http://localhost/")), RangeError);
    const signal = AbortSignal.abort(new Error("left"));
    await assert.rejects(odd.fetch(new Request("http://localhost/", { signal })), /left/);
  });

  it("waits for the reader of a stream, and ends the stream with it", async () => {
    let made = 0;
    let ended = (): void => {};
    const end = new Promise<void>((resolve) => {
      ended = resolve;
    });
    const endless = new App().get("/", async function* () {
      try {
        for (;;) {
          made++;
          yield Buffer.alloc(64 * 1024);
        }
      } finally {
        ended();
      }
    });
    const response = await endless.fetch(new Request("http://localhost/"));
    const reader = response.body?.getReader();
    await reader?.read();
    // Time in which nothing more is to be made.
    await new Promise((resolve) => setTimeout(resolve, 20));
    assert.ok(made < 20, `${made} parts were made for a reader that took one`);
    await reader?.cancel();
    await end;
  });

  it("aborts the signal of the request with that of the web request", async () => {
    const controller = new AbortController();
    const aborted = new App().get("/", (req) => {
      queueMicrotask(() => controller.abort());
      return new Promise((_resolve, reject) => {
        req.signal.addEventListener("abort", () => reject(new Error("aborted")));
      });
    });
    const asked = aborted.fetch(new Request("http://localhost/", { signal: controller.signal }));
    await assert.rejects(asked);
  });
});

holds("App.fetch", sendByFetch("http://localhost", app.fetch));
