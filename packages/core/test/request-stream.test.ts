import assert from "node:assert/strict";
import { once } from "node:events";
import { connect } from "node:net";
import { Writable } from "node:stream";
import { text } from "node:stream/consumers";
import { finished, pipeline } from "node:stream/promises";
import { describe, it } from "node:test";
import { setImmediate as turn } from "node:timers/promises";
import { JSONParser, ReadBuffer, type Request } from "@miqro/core";
import { serve } from "./support/serve.js";

const large = JSON.stringify({ text: "é".repeat(300_000) });

/** All ways to read a stream to its end. */
const ways: Readonly<Record<string, (req: Request) => Promise<string>>> = {
  iterating: (req) => text(req),
  listening: async (req) => {
    let read = "";
    req.on("data", (chunk: Buffer) => {
      read += chunk.toString("latin1");
    });
    await once(req, "end");
    return read;
  },
  "reading-when-readable": async (req) => {
    let read = "";
    req.on("readable", () => {
      for (let chunk = req.read(); chunk !== null; chunk = req.read()) read += String(chunk);
    });
    await once(req, "end");
    return read;
  },
  piping: async (req) => {
    let read = "";
    const target = new Writable({
      write(chunk, _encoding, done) {
        read += String(chunk);
        done();
      },
    });
    await pipeline(req, target);
    return read;
  },
  "web-request": (req) => req.request.text(),
  resuming: async (req) => {
    req.resume();
    await finished(req, { writable: false });
    return "";
  },
};

async function sendParts(port: number, parts: readonly string[]): Promise<string> {
  const socket = connect(port, "127.0.0.1").setNoDelay(true);
  const received = text(socket);
  for (const part of parts) {
    socket.write(part);
    await turn();
  }
  return received;
}

describe("a request as a stream", () => {
  it("has ended for whoever reads it after its body was parsed", async () => {
    await using server = await serve((app) => {
      for (const [name, read] of Object.entries(ways)) {
        app.post(`/${name}`, JSONParser(), async (req) => ({
          again: await read(req as unknown as Request),
          sent: JSON.stringify(req.body).length,
        }));
      }
    });
    for (const name of Object.keys(ways)) {
      for (const body of ['{"a":1}', large]) {
        const response = await server.fetch(`/${name}`, {
          method: "POST",
          body,
          headers: { "content-type": "application/json" },
        });
        assert.deepEqual(await response.json(), { again: "", sent: body.length }, name);
      }
    }
  });

  it("ends when there is no body", async () => {
    await using server = await serve((app) => {
      for (const [name, read] of Object.entries(ways)) {
        if (name === "web-request") continue;
        app.get(`/${name}/now`, (req) => read(req as unknown as Request));
        app.get(`/${name}/later`, async (req) => {
          await turn();
          return read(req as unknown as Request);
        });
      }
    });
    for (const name of Object.keys(ways)) {
      if (name === "web-request") continue;
      for (const when of ["now", "later"]) {
        const response = await server.fetch(`/${name}/${when}`);
        assert.equal(await response.text(), "", `${name} ${when}`);
      }
    }
  });

  it("gives the body to those who listen before and while it is parsed", async () => {
    const seen: string[] = [];
    let heard = (): void => {};
    const listen = (req: Request, name: string): void => {
      let size = 0;
      req.on("data", (chunk: Buffer) => {
        size += chunk.length;
      });
      req.on("end", () => seen.push(`${name} ${size}`)).on("close", () => seen.push(`${name} closed`));
      heard();
    };
    await using server = await serve((app) => {
      app.use("/before", (req) => listen(req as unknown as Request, "before"));
      app.use("/while", (req) => process.nextTick(listen, req, "while"));
      app.post("/*", ReadBuffer(), (req) => req.buffer.length);
    });
    for (const name of ["before", "while"]) {
      const head = `POST /${name} HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n`;
      const socket = connect(server.port, "127.0.0.1").setNoDelay(true);
      const listening = new Promise<void>((resolve) => {
        heard = resolve;
      });
      socket.write(head);
      await listening;
      for (let sent = 0; sent < 10; sent++) {
        await turn();
        socket.write("x");
      }
      const [answer] = (await once(socket, "data")) as [Buffer];
      assert.match(answer.toString(), /\r\n\r\n10$/);
      socket.end();
      await once(socket, "close");
    }
    assert.deepEqual(seen, ["before 10", "before closed", "while 10", "while closed"]);
  });

  /** What reads a body behind a guard. */
  const readers: Readonly<Record<string, (req: Request) => Promise<number>>> = {
    ...Object.fromEntries(
      Object.entries(ways).map(([name, read]) => [name, async (req: Request) => (await read(req)).length]),
    ),
    "pausing-first": async (req) => Buffer.byteLength(await text(req.pause())),
    "after-looking": async (req) => {
      const looked = (req.read() as Buffer | null)?.length ?? 0;
      return looked + Buffer.byteLength(await text(req));
    },
    "reading-when-told": async (req) => {
      req.setEncoding("latin1");
      let size = 0;
      const chunks = req.on("readable", () => {
        for (let chunk = req.read(); chunk !== null; chunk = req.read()) size += (chunk as string).length;
      });
      await once(chunks, "end");
      return size;
    },
    nothing: async () => 0,
  };

  it("keeps what came while a guard was waited for", async () => {
    await using server = await serve((app) => {
      app.use(async (req) => {
        // The guard ends before the body, or long after it.
        for (let count = 0; count < Number(req.query.turns); count++) await turn();
      });
      app.post("/parser", JSONParser(), (req) => req.buffer.length);
      app.post("/buffer", ReadBuffer(), (req) => req.buffer.length);
      for (const [name, read] of Object.entries(readers))
        app.post(`/${name}`, async (req) => read(req as unknown as Request));
    });
    for (const name of ["parser", "buffer", ...Object.keys(readers)]) {
      for (const turns of [0, 1, 5]) {
        for (const body of ["{}", `"${"x".repeat(20_000)}"`, `"${"x".repeat(300_000)}"`]) {
          const expected = name === "resuming" || name === "nothing" ? 0 : Buffer.byteLength(body);
          for (const parts of [1, 2, 3]) {
            const bytes = Buffer.from(body);
            const response = await server.fetch(`/${name}?turns=${turns}`, {
              method: "POST",
              headers: { "content-type": "application/json" },
              body: new ReadableStream({
                async start(controller) {
                  const size = Math.ceil(bytes.length / parts);
                  for (let at = 0; at < bytes.length; at += size) {
                    controller.enqueue(bytes.subarray(at, at + size));
                    await turn();
                  }
                  controller.close();
                },
              }),
              duplex: "half",
            } as RequestInit);
            assert.equal(await response.text(), String(expected), `${name} ${turns} ${body.length} ${parts}`);
          }
          const response = await server.fetch(`/${name}?turns=${turns}`, {
            method: "POST",
            body,
            headers: { "content-type": "application/json" },
          });
          assert.equal(await response.text(), String(expected), `${name} ${turns} ${body.length}`);
        }
      }
    }
  });

  it("reaches a body parser behind a guard without the stream", async () => {
    await using server = await serve((app) => {
      app.post(
        "/",
        async () => {},
        JSONParser(),
        (req) => ({
          body: req.body,
          flowing: (req as unknown as Request).readableFlowing,
        }),
      );
    });
    const response = await server.fetch("/", {
      method: "POST",
      body: '{"a":1}',
      headers: { "content-type": "application/json" },
    });
    assert.deepEqual(await response.json(), { body: { a: 1 }, flowing: null });
  });

  it("refuses a body behind a guard that is too large or no JSON", async () => {
    await using server = await serve((app) => {
      app.post(
        "/",
        async () => {},
        JSONParser({ limit: 10 }),
        (req) => req.body,
      );
    });
    for (const [body, status] of [
      ['{"a":1}', 200],
      ["{", 400],
      [`"${"x".repeat(10)}"`, 413],
    ] as const) {
      for (const chunked of [false, true]) {
        const response = await server.fetch("/", {
          method: "POST",
          headers: { "content-type": "application/json" },
          ...(chunked ? { body: new Blob([body]).stream(), duplex: "half" } : { body }),
        } as RequestInit);
        assert.equal(response.status, status, `${body} ${chunked}`);
        await response.arrayBuffer();
      }
    }
  });

  it("serves bodies that come one behind the other, in parts of any size", async () => {
    await using server = await serve((app) => {
      app.post("/", JSONParser(), async (req) => {
        await turn();
        return req.body;
      });
    });
    const one = (name: string): string => {
      const body = `{"name":"${name}"}`;
      const head = "POST / HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n";
      return name < "c"
        ? `${head}Content-Length: ${body.length}\r\n\r\n${body}`
        : `${head}Transfer-Encoding: chunked\r\n\r\n5\r\n${body.slice(0, 5)}\r\n${(body.length - 5).toString(16)}\r\n${body.slice(5)}\r\n0\r\n\r\n`;
    };
    const all = `${["a", "b", "c", "d"].map(one).join("")}GET /end HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`;
    for (const size of [1, 7, 64, all.length]) {
      const parts = Array.from({ length: Math.ceil(all.length / size) }, (_, index) =>
        all.slice(index * size, (index + 1) * size),
      );
      const answers = await sendParts(server.port, parts);
      assert.deepEqual(
        answers.match(/\{"name":"."\}/g),
        ["a", "b", "c", "d"].map((name) => `{"name":"${name}"}`),
        `${size}`,
      );
    }
  });
});
