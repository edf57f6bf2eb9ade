import assert from "node:assert/strict";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { describe, it } from "node:test";
import { connect as connectTLS } from "node:tls";
import { App, type Request, type Response } from "@miqro/core";

const size = 24 * 1024 * 1024;
const psk = Buffer.alloc(32, 1);
const tls = { ciphers: "PSK-AES128-GCM-SHA256:@SECLEVEL=0", maxVersion: "TLSv1.2" } as const;

const bodies: Readonly<Record<string, (req: Request, res: Response) => unknown>> = {
  "bytes as a whole": () => Buffer.alloc(size, "x"),
  "a few large parts": (_req, res) => {
    for (let part = 0; part < 3; part++) res.write(Buffer.alloc(size / 3, "x"));
    res.end();
  },
};

describe("a client that reads slowly", () => {
  for (const https of [false, true]) {
    for (const [name, body] of Object.entries(bodies)) {
      it(`gets ${name} by ${https ? "https" : "http"}, though it takes longer than stallTimeout`, async () => {
        const serverOptions = https ? { serverOptions: { ...tls, pskCallback: () => psk } } : {};
        await using app = new App({ https, stallTimeout: 400, ...serverOptions });
        app.get("/", (req, res) => body(req, res));
        const address = await app.listen({ port: 0, host: "127.0.0.1" });
        const port = typeof address === "string" ? 0 : address.port;
        const client: Socket = https
          ? connectTLS({
              host: "127.0.0.1",
              port,
              ...tls,
              checkServerIdentity: () => undefined,
              pskCallback: () => ({ psk, identity: "a" }),
            })
          : connect(port, "127.0.0.1");
        client.on("error", () => {});
        client.write("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
        const started = performance.now();
        let received = 0;
        await once(client, "readable");
        while (!client.readableEnded && !client.destroyed) {
          const part: Buffer | null = client.read(128 * 1024) ?? client.read();
          received += part?.length ?? 0;
          await new Promise((resolve) => setTimeout(resolve, 4));
        }
        assert.ok(received > size, `${received} bytes have come.`);
        assert.ok(performance.now() - started > 800);
      });
    }
  }
});
