import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { type IncomingMessage, request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { after, describe, it } from "node:test";
import * as zlib from "node:zlib";
import {
  type App,
  ArgumentError,
  Compression,
  type CompressionOptions,
  SessionHandler,
  Static,
} from "@miqro/core";
import { get } from "./support/get.js";
import { type Served, serve } from "./support/serve.js";

const long = "Hello, compression! ".repeat(200);
const huge = Array.from({ length: 20_000 }, (_, index) => `line ${index}\n`).join("");
const folder = mkdtempSync(join(tmpdir(), "miqro-compression-"));
writeFileSync(join(folder, "page.txt"), huge);
writeFileSync(join(folder, "photo.jpg"), randomBytes(5000));
after(() => rmSync(folder, { recursive: true }));

const decoders: Readonly<Record<string, (body: Buffer) => Buffer>> = {
  gzip: zlib.gunzipSync,
  br: zlib.brotliDecompressSync,
  ...(zlib.zstdDecompressSync === undefined ? {} : { zstd: zlib.zstdDecompressSync }),
};
const hasZstd = "zstd" in decoders;
const all = Object.keys(decoders);

const serveCompressed = (set: (app: App) => void, options?: CompressionOptions): Promise<Served> =>
  serve((app) => {
    app.use(Compression(options));
    set(app);
  });

const decode = (encoding: string | undefined, body: Buffer): string =>
  String(encoding === undefined ? body : (decoders[encoding] as (body: Buffer) => Buffer)(body));

describe("Compression", () => {
  it("compresses whatever a handler answers with, in each coding", async () => {
    await using server = await serveCompressed((app) => {
      app.get("/text", () => long);
      app.get("/json", () => ({ long }));
      app.get("/html", (_req, res) => res.html(`<p>${long}</p>`));
      app.get("/huge", () => huge);
      app.get("/stream", (_req, res) => {
        res.setHeader("Content-Type", "text/plain");
        return Readable.from([Buffer.from(long), Buffer.from(long)]);
      });
      app.get("/end", (_req, res) => {
        res.setHeader("Content-Type", "text/css");
        res.end(long);
      });
      app.get("/parts", (_req, res) => {
        res.writeHead(200, { "Content-Type": "text/css" });
        res.write(long);
        res.end(long);
      });
      app.get("/error", () => {
        throw Object.assign(new Error(long), { status: 400 });
      });
      app.use("/files", Static(folder));
    });
    const plain: Record<string, string> = {
      text: long,
      json: JSON.stringify({ long }),
      html: `<p>${long}</p>`,
      huge,
      stream: long + long,
      end: long,
      parts: long + long,
      "files/page.txt": huge,
    };
    for (const encoding of all) {
      for (const [path, body] of Object.entries(plain)) {
        const answer = await get(`${server.url}/${path}`, { "accept-encoding": encoding });
        const what = `${path} by ${encoding}`;
        assert.equal(answer.headers["content-encoding"], encoding, what);
        assert.equal(answer.headers.vary, "Accept-Encoding", what);
        assert.ok(answer.body.length < body.length / 2, what);
        assert.equal(decode(encoding, answer.body), body, what);
        const length = answer.headers["content-length"];
        if (length !== undefined) assert.equal(Number(length), answer.body.length, what);
        const head = await get(`${server.url}/${path}`, { "accept-encoding": encoding }, "HEAD");
        assert.equal(head.body.length, 0);
        // HEAD may leave out the length, but what it tells has to be true (RFC 9110 9.3.2).
        for (const name of ["content-encoding", "vary", "etag", "content-type"]) {
          assert.equal(head.headers[name], answer.headers[name], `${what}: ${name}`);
        }
        assert.ok([undefined, length].includes(head.headers["content-length"]), what);
      }
    }
    const error = await get(`${server.url}/error`, { "accept-encoding": "gzip" });
    assert.deepEqual([error.status, error.headers["content-encoding"]], [400, "gzip"]);
    assert.equal(JSON.parse(decode("gzip", error.body)).status, 400);
  });

  it("takes the coding that the client likes best", async () => {
    await using server = await serveCompressed((app) => app.get("/", () => long));
    const best = hasZstd ? "zstd" : "br";
    const cases: [header: string | undefined, encoding: string | undefined][] = [
      [undefined, undefined],
      ["", undefined],
      ["identity", undefined],
      ["gzip, deflate, br, zstd", best],
      ["gzip, deflate", "gzip"],
      ["x-gzip", "gzip"],
      ["GZIP", "gzip"],
      ["br;q=0.5, gzip;q=0.8", "gzip"],
      ["br;q=0, gzip;q=0", undefined],
      ["gzip;q=0.5, identity", undefined],
      ["*", best],
      ["*;q=0", undefined],
      ["deflate, compress", undefined],
      [",,;;q=1,gzip", "gzip"],
    ];
    for (const [header, encoding] of cases) {
      const answer = await get(server.url, header === undefined ? {} : { "accept-encoding": header });
      assert.equal(answer.headers["content-encoding"], encoding, header);
      assert.equal(answer.headers.vary, "Accept-Encoding", header);
      assert.equal(decode(encoding, answer.body), long, header);
    }
  });

  it("leaves alone what is small, compressed, partial, signed or not to be changed", async () => {
    const kept: Record<string, (app: App, path: string) => void> = {
      small: (app, path) => app.get(path, () => "x".repeat(1023)),
      photo: (app, path) => app.get(path, (_req, res) => res.sendFile("photo.jpg", { root: folder })),
      bytes: (app, path) => app.get(path, () => Buffer.from(long)),
      untyped: (app, path) => app.get(path, (_req, res) => void res.end(long)),
      encoded: (app, path) => app.get(path, (_req, res) => res.text(long, { "Content-Encoding": "x-own" })),
      "no-transform": (app, path) =>
        app.get(path, (_req, res) => res.text(long, { "Cache-Control": "public,No-Transform" })),
      ...Object.fromEntries(
        ["Content-Digest", "Repr-Digest", "Digest", "Content-MD5"].map((name) => [
          name,
          (app: App, path: string) => app.get(path, (_req, res) => res.text(long, { [name]: "sha-256=:x:" })),
        ]),
      ),
      "empty-204": (app, path) => app.get(path, () => null),
    };
    await using server = await serveCompressed((app) => {
      for (const [name, set] of Object.entries(kept)) set(app, `/${name}`);
    });
    for (const name of Object.keys(kept)) {
      const answer = await get(`${server.url}/${name}`, { "accept-encoding": all.join() });
      const encoding = answer.headers["content-encoding"];
      assert.equal(encoding, name === "encoded" ? "x-own" : undefined, name);
      assert.equal(answer.headers.vary, undefined, name);
    }
  });

  it("leaves ranges as they are, and offers none of a compressed body", async () => {
    await using server = await serveCompressed((app) => app.use("/", Static(folder)));
    const whole = await get(`${server.url}/page.txt`, { "accept-encoding": "gzip" });
    assert.equal(whole.headers["accept-ranges"], undefined);
    const tag = whole.headers.etag ?? "";
    assert.match(tag, /^W\//);
    for (const range of ["bytes=0-9", "bytes=-5", "bytes=0-4,10-14"]) {
      const part = await get(`${server.url}/page.txt`, { "accept-encoding": "gzip", range });
      assert.deepEqual([part.status, part.headers["content-encoding"]], [206, undefined], range);
    }
    const none = await get(`${server.url}/page.txt`, { "accept-encoding": "gzip", range: "bytes=9999999-" });
    assert.deepEqual([none.status, none.headers["content-encoding"]], [416, undefined]);
    // A weak tag proves nothing about bytes, so the range is not of what the client has.
    const other = await get(`${server.url}/page.txt`, {
      "accept-encoding": "gzip",
      range: "bytes=0-9",
      "if-range": tag,
    });
    assert.equal(other.status, 200);
    const same = await get(`${server.url}/page.txt`, { "accept-encoding": "gzip", "if-none-match": tag });
    assert.deepEqual([same.status, same.headers.vary], [304, "Accept-Encoding"]);
  });

  it("makes strong entity tags weak", async () => {
    await using server = await serveCompressed((app) => {
      app.get("/strong", (_req, res) => res.text(long, { ETag: '"a"' }));
      app.get("/weak", (_req, res) => res.text(long, { ETag: 'W/"a"', Vary: "Origin" }));
    });
    const headers = { "accept-encoding": "gzip" };
    assert.equal((await get(`${server.url}/strong`, headers)).headers.etag, 'W/"a"');
    assert.equal((await get(`${server.url}/strong`)).headers.etag, '"a"');
    const weak = await get(`${server.url}/weak`, headers);
    assert.deepEqual([weak.headers.etag, weak.headers.vary], ['W/"a"', "Origin, Accept-Encoding"]);
  });

  it("does not compress answers to requests with a session unless told to", async () => {
    const set = (app: App): void => {
      const verify = ({ token }: { token: string }) =>
        token === "t" ? { account: "a", username: "u", groups: [] } : null;
      app.use(SessionHandler({ verify, required: false } as never));
      app.get("/", () => long);
    };
    const headers = { "accept-encoding": "gzip", authorization: "Bearer t" };
    await using server = await serveCompressed(set);
    assert.equal((await get(server.url, headers)).headers["content-encoding"], undefined);
    await using told = await serveCompressed(set, { sessions: true });
    assert.equal((await get(told.url, headers)).headers["content-encoding"], "gzip");
  });

  it("asks the filter, and its threshold", async () => {
    await using server = await serveCompressed(
      (app) => {
        app.get("/a", () => long);
        app.get("/b", () => long);
        app.get("/small", () => "x".repeat(60));
      },
      { filter: (req) => req.path !== "/b", threshold: 50, encodings: ["gzip", "br"] },
    );
    const headers = { "accept-encoding": all.join() };
    const found = [];
    for (const path of ["a", "b", "small"]) {
      found.push((await get(`${server.url}/${path}`, headers)).headers["content-encoding"]);
    }
    assert.deepEqual(found, ["gzip", undefined, "gzip"]);
  });

  for (const encoding of all) {
    it(`lets each event, and each part of a slow page, leave at once by ${encoding}`, async () => {
      let step = (): void => {};
      const next = (): Promise<void> =>
        new Promise((resolve) => {
          step = resolve;
        });
      await using server = await serveCompressed((app) => {
        app.get("/events", (_req, res) => {
          const events = res.sse();
          void (async () => {
            for (const one of ["a", "b", "c"]) {
              await events.send(one);
              await next();
            }
            events.close();
          })();
        });
        app.get("/page", (_req, res) => {
          res.setHeader("Content-Type", "text/html");
          return (async function* () {
            for (const one of ["a", "b", "c"]) {
              yield Buffer.from(`data: ${one}\n\n`);
              await next();
            }
          })();
        });
      });
      for (const path of ["/events", "/page"]) {
        const answer = await new Promise<IncomingMessage>((resolve) =>
          request(
            server.url + path,
            { headers: { "accept-encoding": encoding }, agent: false },
            resolve,
          ).end(),
        );
        assert.equal(answer.headers["content-encoding"], encoding);
        const decoder =
          encoding === "gzip"
            ? zlib.createGunzip()
            : encoding === "br"
              ? zlib.createBrotliDecompress()
              : zlib.createZstdDecompress();
        const seen: string[] = [];
        for await (const part of answer.pipe(decoder)) {
          seen.push(String(part));
          step();
        }
        // A part that is held back would never come: the next one is made only when it has arrived.
        assert.deepEqual(seen, ["data: a\n\n", "data: b\n\n", "data: c\n\n"], path);
      }
    });
  }

  it("ends a compressed answer when its client goes away, and cuts one whose source breaks", async () => {
    let isClosed = (): void => {};
    const closed = new Promise<void>((resolve) => {
      isClosed = resolve;
    });
    await using server = await serveCompressed((app) => {
      app.get("/endless", (_req, res) => {
        res.setHeader("Content-Type", "text/plain");
        return (async function* () {
          try {
            for (;;) yield randomBytes(50_000).toString("hex");
          } finally {
            isClosed();
          }
        })();
      });
      app.get("/broken", (_req, res) => {
        res.setHeader("Content-Type", "text/plain");
        return (async function* () {
          yield huge;
          throw new Error("broken");
        })();
      });
    });
    const headers = { "accept-encoding": "gzip" };
    const answer = await new Promise<IncomingMessage>((resolve) =>
      request(`${server.url}/endless`, { headers, agent: false }, resolve).end(),
    );
    answer.once("data", () => answer.destroy());
    answer.on("error", () => {});
    await closed;
    await assert.rejects(get(`${server.url}/broken`, headers));
  });

  it("tells all faults of its options at once", () => {
    const options = { threshold: "big", encodings: ["deflate"], sessions: 1, filter: "x", level: 3 };
    assert.throws(
      () => Compression(options as never),
      (error: ArgumentError) =>
        error instanceof ArgumentError &&
        error.issues.map(({ path }) => path).join() === "threshold,encodings,sessions,filter,level",
    );
    for (const encodings of [[], "gzip", [1]]) assert.throws(() => Compression({ encodings } as never));
  });
});
