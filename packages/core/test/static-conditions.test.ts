import assert from "node:assert/strict";
import { chmod, mkdir, mkdtemp, rename, rm, symlink, truncate, utimes, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { Static, type StaticOptions } from "@miqro/core";
import { request, type Served, serve } from "./support/serve.js";

let root = "";
before(async () => {
  root = await mkdtemp(join(tmpdir(), "static-"));
});
after(() => rm(root, { recursive: true }));

async function put(path: string, content: string | Buffer, time = 1_700_000_000): Promise<void> {
  await mkdir(join(root, path, ".."), { recursive: true });
  await writeFile(join(root, path), content);
  await utimes(join(root, path), time, time);
}

const withFiles = (options?: StaticOptions): Promise<Served> =>
  serve((app) => {
    app.get("/send/:name", (req, res) => res.sendFile(String(req.params.name), { root }));
    app.fallback(Static(root, options));
  });

async function ask(server: Served, path: string, headers: Record<string, string> = {}, method = "GET") {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  const answer = await server.raw(request(`${method} ${path}`, ...lines));
  const end = answer.indexOf("\r\n\r\n");
  const head = answer.slice(0, end);
  const header = (name: string): string | undefined =>
    new RegExp(`^${name}: (.*)$`, "im").exec(head)?.[1]?.trim();
  return { status: Number(head.slice(9, 12)), header, body: answer.slice(end + 4) };
}

describe("conditions of a request for a file", () => {
  for (const path of ["/a.txt", "/send/a.txt"]) {
    it(`are taken in the order of RFC 9110: ${path}`, async () => {
      await put("a.txt", "0123456789");
      await using server = await withFiles();
      const { header } = await ask(server, path);
      const tag = header("ETag") ?? "";
      const date = header("Last-Modified") ?? "";
      assert.equal(date, "Tue, 14 Nov 2023 22:13:20 GMT");
      const before = "Tue, 14 Nov 2023 22:13:19 GMT";
      const rows: [status: number, headers: Record<string, string>][] = [
        [200, {}],
        [200, { "If-Match": tag }],
        [200, { "If-Match": `"x", ${tag}` }],
        [200, { "If-Match": "*" }],
        [412, { "If-Match": `W/${tag}` }],
        [412, { "If-Match": '"x"' }],
        [412, { "If-Match": '"x"', "If-None-Match": tag }],
        [200, { "If-Unmodified-Since": date }],
        [412, { "If-Unmodified-Since": before }],
        [200, { "If-Unmodified-Since": before, "If-Match": tag }],
        [200, { "If-Unmodified-Since": "yesterday" }],
        [304, { "If-None-Match": tag }],
        [304, { "If-None-Match": `W/${tag}` }],
        [304, { "If-None-Match": "*" }],
        [200, { "If-None-Match": '"x"', "If-Modified-Since": date }],
        [304, { "If-Modified-Since": date }],
        [200, { "If-Modified-Since": before }],
        [200, { "If-Modified-Since": "" }],
        [304, { "If-Modified-Since": "Tuesday, 14-Nov-23 22:13:20 GMT" }],
        [304, { "If-Modified-Since": "Tue Nov 14 22:13:20 2023" }],
        [200, { "If-Modified-Since": "Tue Nov 14 22:13:19 2023" }],
        // These are no dates of HTTP, although JavaScript finds a date in them.
        [200, { "If-Modified-Since": "9999" }],
        [200, { "If-Modified-Since": "2023-11-14T22:13:20Z" }],
        [200, { "If-Unmodified-Since": "5" }],
        [200, { "If-Unmodified-Since": "version 1" }],
        [200, { Range: "bytes=0-1", "If-Range": "2023-11-14T22:13:20Z" }],
        [206, { Range: "bytes=0-1" }],
        [206, { Range: "bytes=0-1", "If-Range": tag }],
        [206, { Range: "bytes=0-1", "If-Range": date }],
        [200, { Range: "bytes=0-1", "If-Range": `W/${tag}` }],
        [200, { Range: "bytes=0-1", "If-Range": '"x"' }],
        [200, { Range: "bytes=0-1", "If-Range": before }],
        [200, { Range: "bytes=0-1", "If-Range": "x" }],
        [304, { Range: "bytes=0-1", "If-None-Match": tag }],
        [412, { Range: "bytes=0-1", "If-Match": '"x"' }],
      ];
      for (const [status, headers] of rows) {
        for (const method of ["GET", "HEAD"]) {
          const answer = await ask(server, path, headers, method);
          const expected = method === "HEAD" && status === 206 ? 200 : status;
          assert.equal(answer.status, expected, `${method} ${JSON.stringify(headers)}`);
          assert.equal(answer.header("ETag"), tag);
          if (expected === 304) assert.equal(answer.header("Content-Length"), undefined);
          if (method === "HEAD" || expected > 300) assert.equal(answer.body, "");
        }
      }
    });
  }
});

describe("ranges of a file", () => {
  const small = "0123456789";
  const large = Array.from({ length: 100_000 }, (_, index) => String.fromCharCode(97 + (index % 26))).join(
    "",
  );

  for (const [name, content] of Object.entries({ small, large })) {
    it(`are sent as they are asked: ${name}`, async () => {
      await put(`${name}.txt`, content);
      await put("empty.txt", "");
      await using server = await withFiles();
      const size = content.length;
      const rows: [header: string, status: number, parts: [start: number, end: number][]][] = [
        ["bytes=0-0", 206, [[0, 0]]],
        ["bytes=2-5", 206, [[2, 5]]],
        ["Bytes=2-5", 206, [[2, 5]]],
        ["bytes=0-", 206, [[0, size - 1]]],
        ["bytes=7-", 206, [[7, size - 1]]],
        ["bytes=-3", 206, [[size - 3, size - 1]]],
        [`bytes=-${size + 5}`, 206, [[0, size - 1]]],
        [`bytes=5-${size + 100}`, 206, [[5, size - 1]]],
        ["bytes= 2-3 ", 206, [[2, 3]]],
        [
          "bytes=0-1,4-5",
          206,
          [
            [0, 1],
            [4, 5],
          ],
        ],
        [
          "bytes=4-5, ,0-1",
          206,
          [
            [4, 5],
            [0, 1],
          ],
        ],
        ["bytes=0-4,2-7", 206, [[0, 7]]],
        ["bytes=0-,0-,0-", 206, [[0, size - 1]]],
        [`bytes=0-1,${size}-`, 206, [[0, 1]]],
        [`bytes=${size}-`, 416, []],
        ["bytes=-0", 416, []],
        ["bytes=99999999999999999999-", 416, []],
        ["bytes=", 200, []],
        ["bytes=-", 200, []],
        ["bytes=5-2", 200, []],
        ["bytes=a-b", 200, []],
        ["bytes=0-1,x", 200, []],
        ["bytes=1.5-2", 200, []],
        ["lines=0-1", 200, []],
        ["0-1", 200, []],
        [`bytes=${Array.from({ length: 17 }, (_, index) => `${index * 2}-${index * 2}`)}`, 200, []],
      ];
      for (const [range, status, parts] of rows) {
        const answer = await ask(server, `/${name}.txt`, { Range: range });
        assert.equal(answer.status, status, range);
        assert.equal(answer.header("Accept-Ranges"), "bytes");
        assert.equal(Number(answer.header("Content-Length")), answer.body.length, range);
        const slices = parts.map(([start, end]) => content.slice(start, end + 1));
        const [first] = parts;
        if (status === 200) assert.equal(answer.body, content);
        else if (status === 416) assert.equal(answer.header("Content-Range"), `bytes */${size}`);
        else if (first !== undefined && parts.length === 1) {
          assert.equal(answer.body, slices[0], range);
          assert.equal(answer.header("Content-Range"), `bytes ${first[0]}-${first[1]}/${size}`);
        } else {
          const type = answer.header("Content-Type") ?? "";
          const boundary = /^multipart\/byteranges; boundary=([\w-]+)$/.exec(type)?.[1];
          const expected = parts.map(
            ([start, end], index) =>
              `\r\n--${boundary}\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Range: bytes ${start}-${end}/${size}\r\n\r\n${slices[index]}`,
          );
          assert.equal(answer.body, `${expected.join("")}\r\n--${boundary}--\r\n`);
        }
      }
      assert.equal((await ask(server, "/empty.txt", { Range: "bytes=0-" })).status, 416);
      const empty = await ask(server, "/empty.txt");
      assert.deepEqual([empty.status, empty.header("Content-Length"), empty.body], [200, "0", ""]);
      const posted = await ask(server, `/${name}.txt`, { Range: "bytes=0-1" }, "POST");
      assert.equal(posted.status, 405);
    });
  }
});

describe("compressed files beside a file", () => {
  it("are sent to clients that take them, and to these only", async () => {
    const plain = "console.log(1);".repeat(100);
    await put("app.js", plain);
    await put("app.js.br", brotliCompressSync(plain));
    await put("app.js.gz", gzipSync(plain));
    await put("plain.js", plain);
    await using server = await withFiles({ precompressed: true });
    const rows: [accept: string | undefined, encoding: string | undefined][] = [
      [undefined, undefined],
      ["", undefined],
      ["gzip", "gzip"],
      ["x-gzip", "gzip"],
      ["gzip, deflate, br, zstd", "br"],
      ["zstd", undefined],
      ["br;q=0.5, gzip", "gzip"],
      ["br;q=0, gzip;q=0", undefined],
      ["*", "br"],
      ["*;q=0", undefined],
      ["br;q=0, *", "gzip"],
      ["gzip;q=0.2, identity", undefined],
      ["identity;q=0, gzip", "gzip"],
      ["deflate", undefined],
      ["BR", "br"],
    ];
    const tags = new Map<string | undefined, string>();
    for (const [accept, encoding] of rows) {
      const headers = accept === undefined ? {} : { "Accept-Encoding": accept };
      const answer = await ask(server, "/app.js", headers);
      assert.equal(answer.header("Content-Encoding"), encoding, accept);
      assert.equal(answer.header("Content-Type"), "text/javascript; charset=utf-8");
      assert.equal(answer.header("Vary"), "Accept-Encoding");
      tags.set(encoding, answer.header("ETag") ?? "");
      const fresh = await ask(server, "/app.js", { ...headers, "If-None-Match": tags.get(encoding) ?? "" });
      assert.equal(fresh.status, 304);
      assert.equal(fresh.header("Vary"), "Accept-Encoding");
    }
    assert.equal(new Set(tags.values()).size, 3);
    const part = await ask(server, "/app.js", { "Accept-Encoding": "gzip", Range: "bytes=0-1" });
    assert.deepEqual([part.status, part.header("Content-Encoding"), part.body], [206, "gzip", "\x1f\x8b"]);
    const other = await ask(server, "/plain.js", { "Accept-Encoding": "br" });
    assert.deepEqual([other.header("Content-Encoding"), other.header("Vary")], [undefined, undefined]);
  });

  it("are no way around `exclude`, and not looked for unless asked", async () => {
    await put("secret.js", "x");
    await put("secret.js.br", brotliCompressSync("x"));
    await using closed = await withFiles({ precompressed: ["br"], exclude: (path) => path.endsWith(".br") });
    assert.equal(
      (await ask(closed, "/secret.js", { "Accept-Encoding": "br" })).header("Content-Encoding"),
      undefined,
    );
    await using usual = await withFiles();
    const answer = await ask(usual, "/secret.js", { "Accept-Encoding": "br" });
    assert.deepEqual([answer.header("Content-Encoding"), answer.header("Vary")], [undefined, undefined]);
  });
});

describe("Cache-Control of a file", () => {
  it("has clients ask each time, unless told otherwise", async () => {
    for (const name of [
      "app.css",
      "app.3fA9c01b.js",
      "chunk-ABCD1234.js",
      "styles/app-abcdef12.css",
      "component1.js",
    ])
      await put(name, "x");
    const year = "public, max-age=31536000, immutable";
    const rows: [options: StaticOptions, path: string, expected: string | undefined][] = [
      [{}, "/app.css", "no-cache"],
      [{}, "/app.3fA9c01b.js", "no-cache"],
      [{ cacheControl: "max-age=60" }, "/app.css", "max-age=60"],
      [{ cacheControl: false }, "/app.css", undefined],
      [{ immutable: true }, "/app.css", "no-cache"],
      [{ immutable: true }, "/component1.js", "no-cache"],
      [{ immutable: true }, "/app.3fA9c01b.js", year],
      [{ immutable: true }, "/chunk-ABCD1234.js", year],
      [{ immutable: true, cacheControl: false }, "/styles/app-abcdef12.css", year],
      [{ immutable: /^styles\//g }, "/styles/app-abcdef12.css", year],
      [{ immutable: /^styles\//g }, "/app.3fA9c01b.js", "no-cache"],
    ];
    for (const [options, path, expected] of rows) {
      await using server = await withFiles(options);
      for (let count = 0; count < 2; count++) {
        const { header } = await ask(server, path);
        assert.equal(header("Cache-Control"), expected, `${path} ${JSON.stringify(options)}`);
      }
    }
    await using own = await serve((app) => {
      app.use((_req, res) => void res.setHeader("Cache-Control", "private"));
      app.fallback(Static(root));
    });
    assert.equal((await ask(own, "/app.css")).header("Cache-Control"), "private");
  });
});

describe("files that change", () => {
  it("are sent as they are now, however often they were sent before", async () => {
    await using server = await withFiles();
    const body = async (path: string) => (await ask(server, path)).body;
    // Old enough to be kept in memory, in the same second and of the same size.
    for (const content of ["one", "two", "six"]) {
      await put("change.txt", content);
      assert.equal(await body("/change.txt"), content);
      assert.equal(await body("/change.txt"), content);
    }
    await put("next.txt", "new");
    await rename(join(root, "next.txt"), join(root, "change.txt"));
    assert.equal(await body("/change.txt"), "new");
    await truncate(join(root, "change.txt"), 1);
    assert.equal(await body("/change.txt"), "n");
    await rm(join(root, "change.txt"));
    assert.equal((await ask(server, "/change.txt")).status, 404);
    await put("change.txt", "back");
    assert.equal(await body("/change.txt"), "back");
  });

  it("are not sent any more when they become links that lead out, or dotfiles", async () => {
    const outside = await mkdtemp(join(tmpdir(), "outside-"));
    try {
      await writeFile(join(outside, "secret.txt"), "secret");
      await put("folder/a.txt", "inside");
      await put("folder2/a.txt", "inside");
      await put(".hidden", "hidden");
      await using server = await withFiles();
      assert.equal((await ask(server, "/folder/a.txt")).body, "inside");
      assert.equal((await ask(server, "/folder2/a.txt")).body, "inside");
      await rm(join(root, "folder/a.txt"));
      await symlink(join(outside, "secret.txt"), join(root, "folder/a.txt"));
      assert.equal((await ask(server, "/folder/a.txt")).status, 404);
      await rm(join(root, "folder/a.txt"));
      await symlink(join(root, ".hidden"), join(root, "folder/a.txt"));
      assert.equal((await ask(server, "/folder/a.txt")).status, 404);
      await rm(join(root, "folder2"), { recursive: true });
      await writeFile(join(outside, "a.txt"), "outside");
      await symlink(outside, join(root, "folder2"));
      assert.equal((await ask(server, "/folder2/a.txt")).status, 404);
    } finally {
      await rm(outside, { recursive: true });
    }
  });

  it("are whole in each answer while they are replaced all the time", async () => {
    await using server = await withFiles();
    const contents = ["a", "b"].map((letter) => letter.repeat(50_000));
    await put("busy.txt", contents[0] as string);
    let isDone = false;
    const replacing = (async () => {
      for (let count = 0; !isDone; count++) {
        await put("busy.tmp", contents[count % 2] as string);
        await rename(join(root, "busy.tmp"), join(root, "busy.txt"));
      }
    })();
    try {
      for (let count = 0; count < 100; count++) {
        const { status, body } = await ask(server, "/busy.txt");
        assert.equal(status, 200);
        assert.ok(contents.includes(body), `${body.length} bytes`);
      }
    } finally {
      isDone = true;
      await replacing;
    }
  });
});

describe("a folder of 10,000 files", () => {
  it("is served without keeping more than it may", async () => {
    await mkdir(join(root, "many"));
    for (let index = 0; index < 10_000; index++)
      await writeFile(join(root, "many", `${index}.txt`), `${index}`);
    await using server = await withFiles({ memory: "10kb" });
    for (let index = 0; index < 10_000; index += 500) {
      assert.equal(await (await server.fetch(`/many/${index}.txt`)).text(), `${index}`);
    }
  });
});

describe("a large file", () => {
  it("costs little memory while its reader stalls", async () => {
    await writeFile(join(root, "huge.bin"), "");
    await truncate(join(root, "huge.bin"), 1024 ** 3);
    await using server = await withFiles();
    // So that only what is held for the answer counts.
    (await server.fetch("/huge.bin", { headers: { range: "bytes=0-9" } })).bodyUsed;
    const before = process.memoryUsage();
    const socket = connect(server.port, "127.0.0.1");
    socket.pause();
    socket.write(request("GET /huge.bin"));
    for (let turn = 0; turn < 200; turn++) await new Promise((done) => setImmediate(done));
    // What was handed to the system already is no more than garbage.
    setFlagsFromString("--expose-gc");
    const collect = runInNewContext("gc") as () => void;
    // Memory outside of the heap is freed after a collection.
    for (let turn = 0; turn < 3; turn++) {
      collect();
      await new Promise((done) => setImmediate(done));
    }
    const { arrayBuffers, external } = process.memoryUsage();
    const held = Math.max(arrayBuffers - before.arrayBuffers, external - before.external);
    socket.destroy();
    assert.ok(held < 1024 * 1024, `${held} bytes`);
  });
});

describe("what is no file", () => {
  it("is not there, and blocks nothing", async () => {
    const { execFileSync } = await import("node:child_process");
    execFileSync("mkfifo", [join(root, "pipe")]);
    await put("locked.txt", "x");
    await chmod(join(root, "locked.txt"), 0);
    await using server = await withFiles();
    for (let count = 0; count < 6; count++) assert.equal((await ask(server, "/pipe")).status, 404);
    if (process.getuid?.() !== 0) assert.equal((await ask(server, "/locked.txt")).status, 404);
    await put(".well-known/security.txt", "Contact: mailto:a@b.example");
    await put(".well-known/.secret", "x");
    await put("sub/.well-known/x", "x");
    assert.equal((await ask(server, "/.well-known/security.txt")).status, 200);
    assert.equal((await ask(server, "/%2ewell-known/security.txt")).status, 200);
    for (const path of [
      "/.well-known/.secret",
      "/sub/.well-known/x",
      "/.well-known/../.env",
      "/.Well-known/security.txt",
    ])
      assert.equal((await ask(server, path)).status, 404, path);
  });
});
