import assert from "node:assert/strict";
import { once } from "node:events";
import { connect as connectHTTP2, createServer as createHTTP2Server } from "node:http2";
import { request as askSecurely, createServer as createHTTPSServer } from "node:https";
import type { AddressInfo } from "node:net";
import { describe, it, type TestContext } from "node:test";
import type { ConnectionOptions } from "node:tls";
import micro, { json, type RequestHandler, serve, text } from "@miqro/core/micro";
import { WebSocket, WebSocketServer } from "ws";
import { catchErrors, listen } from "../support/micro.js";

async function portOf(
  t: TestContext,
  server: { listen(port: number, host: string): unknown; address(): unknown; close(): unknown },
): Promise<number> {
  server.listen(0, "127.0.0.1");
  await once(server as never, "listening");
  t.after(() => server.close());
  return (server.address() as AddressInfo).port;
}

describe("a function beside the rest of Node", () => {
  it("is served by a server of node:https", async (t) => {
    // A key that both sides know spares a certificate.
    const psk = Buffer.alloc(32, 1);
    const tls = { ciphers: "PSK-AES128-GCM-SHA256:@SECLEVEL=0", maxVersion: "TLSv1.2" } as const;
    const port = await portOf(
      t,
      createHTTPSServer(
        { ...tls, pskCallback: () => psk },
        serve(() => ({ secure: true })),
      ),
    );
    const keys: ConnectionOptions = {
      ...tls,
      checkServerIdentity: () => undefined,
      pskCallback: () => ({ psk, identity: "a" }),
    };
    const sent = askSecurely({ host: "127.0.0.1", port, agent: false, ...keys }).end();
    const [answer] = await once(sent, "response");
    assert.deepEqual(JSON.parse((await answer.setEncoding("utf8").toArray()).join("")), { secure: true });
  });

  it("is served by a server of node:http2, errors and bodies too", async (t) => {
    catchErrors(t);
    const fn: RequestHandler = (req) => json(req);
    const port = await portOf(t, createHTTP2Server(serve(fn) as never));
    const client = connectHTTP2(`http://127.0.0.1:${port}`);
    t.after(() => client.close());
    for (const [body, status, expected] of [
      ['{"a":1}', 200, '{"a":1}'],
      ["{", 400, "Invalid JSON"],
    ] as const) {
      const stream = client.request({ ":method": "POST" });
      stream.end(body);
      const [headers] = await once(stream, "response");
      assert.deepEqual(
        [headers[":status"], (await stream.setEncoding("utf8").toArray()).join("")],
        [status, expected],
      );
    }
  });

  it("leaves WebSockets to a server on the same port", async (t) => {
    const server = micro(() => "the page");
    const sockets = new WebSocketServer({ server });
    sockets.on("connection", (socket) => socket.on("message", (data) => socket.send(`echo ${data}`)));
    const ask = await listen(t, server);
    const client = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`);
    t.after(() => client.terminate());
    await once(client, "open");
    client.send("hi");
    const [message] = await once(client, "message");
    assert.equal(String(message), "echo hi");
    assert.equal((await ask()).body, "the page");
  });

  it("reads a form by a parser of its own", async (t) => {
    const ask = await listen(
      t,
      micro(async (req) => Object.fromEntries(new URLSearchParams(await text(req)))),
    );
    const { body } = await ask("/", { method: "POST", body: new URLSearchParams({ a: "1 & 2", b: "é" }) });
    assert.deepEqual(JSON.parse(body), { a: "1 & 2", b: "é" });
  });

  it("asks another server, and answers with what that says", async (t) => {
    const behind = await listen(
      t,
      micro(() => ({ from: "behind" })),
    );
    const ask = await listen(
      t,
      micro(async () => JSON.parse((await behind()).body)),
    );
    assert.deepEqual(JSON.parse((await ask()).body), { from: "behind" });
  });
});
