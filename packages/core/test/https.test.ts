import assert from "node:assert/strict";
import { once } from "node:events";
import { request as ask } from "node:https";
import { connect } from "node:net";
import { describe, it } from "node:test";
import type { ConnectionOptions } from "node:tls";
import { App, type AppOptions } from "@miqro/core";

// A key that both sides know spares a certificate.
const psk = Buffer.alloc(32, 1);
const ciphers = "PSK-AES128-GCM-SHA256:@SECLEVEL=0";
const maxVersion = "TLSv1.2";

async function listen(options: AppOptions = {}): Promise<{ readonly app: App; readonly port: number }> {
  const app = new App({
    https: true,
    serverOptions: { pskCallback: () => psk, ciphers, maxVersion },
    ...options,
  });
  app.get("/", (req) => [req.protocol, req.headers["x-a"]]);
  const address = await app.listen({ port: 0, host: "127.0.0.1" });
  return { app, port: typeof address === "string" ? 0 : address.port };
}

async function get(port: number): Promise<{ readonly status: number; readonly text: string }> {
  const options: ConnectionOptions = {
    ciphers,
    maxVersion,
    checkServerIdentity: () => undefined,
    pskCallback: () => ({ psk, identity: "a" }),
  };
  const sent = ask({ host: "127.0.0.1", port, agent: false, headers: { "x-a": "1" }, ...options }).end();
  const [response] = await once(sent, "response");
  let text = "";
  for await (const chunk of response) text += chunk;
  return { status: response.statusCode, text };
}

describe("AppOptions.https", () => {
  it("serves over TLS, and closes", async () => {
    const { app, port } = await listen();
    assert.deepEqual(await get(port), { status: 200, text: '["https","1"]' });
    await app.close({ drainIdle: 0 });
  });

  it("cuts who begins no handshake after headersTimeout, and with close", async () => {
    const { app, port } = await listen({ headersTimeout: 100 });
    const waiting = connect(port, "127.0.0.1").resume();
    waiting.on("error", () => {});
    await once(waiting, "close");

    const patient = await listen();
    const silent = connect(patient.port, "127.0.0.1").resume();
    silent.on("error", () => {});
    await once(silent, "connect");
    const closed = once(silent, "close");
    const started = performance.now();
    await Promise.all([app.close(), patient.app.close({ drainIdle: 50 }), closed]);
    assert.ok(performance.now() - started < 5000);
  });
});
