import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { connect } from "node:net";
import { Readable } from "node:stream";
import { describe, it } from "node:test";
import { Compression, type Response } from "@miqro/core";
import { serve } from "./support/serve.js";

/** What the system of the machine may hold of a connection, with the queues of the server. */
const mostHeld = 48 * 1024 * 1024;
const blocks = Array.from({ length: 16 }, () => randomBytes(256 * 1024));

describe("a compressed body for a client that reads slowly", () => {
  const sources: Readonly<Record<string, (take: () => Buffer, res: Response) => unknown>> = {
    "a stream": (take) =>
      new Readable({
        read() {
          this.push(take());
        },
      }),
    "a generator": async function* (take) {
      for (;;) yield take();
    },
    "a handler that waits for drain": async (take, res) => {
      const closed = once(res, "close");
      while (!res.destroyed) {
        if (res.write(take())) continue;
        await Promise.race([new Promise((resolve) => res.once("drain", resolve)), closed]);
      }
      return false;
    },
  };
  for (const [name, body] of Object.entries(sources)) {
    for (const encoding of ["gzip", "br"]) {
      it(`is taken from ${name} as it is read (${encoding})`, async () => {
        let given = 0;
        const take = (): Buffer => {
          const block = blocks[given % blocks.length] as Buffer;
          given++;
          return block;
        };
        await using server = await serve((app) => {
          app.use(Compression());
          app.get("/", (_req, res) => {
            res.setHeader("Content-Type", "text/plain");
            return body(take, res);
          });
        });
        const client = connect(server.port, "127.0.0.1");
        client.on("error", () => {});
        client.write(`GET / HTTP/1.1\r\nHost: a\r\nAccept-Encoding: ${encoding}\r\n\r\n`);
        await once(client, "readable");
        let received = 0;
        const started = performance.now();
        while (performance.now() - started < 700) {
          received += (client.read(32 * 1024) ?? client.read())?.length ?? 0;
          await new Promise((resolve) => setTimeout(resolve, 2));
        }
        client.destroy();
        // Random bytes do not become fewer.
        assert.ok(
          given * 256 * 1024 < received + mostHeld,
          `${given} blocks were taken, ${received} bytes read.`,
        );
      });
    }
  }
});
