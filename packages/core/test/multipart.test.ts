import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { mkdtemp, readdir, readFile, rename, rm, stat } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import { App, type Handler, type MultipartOptions, MultipartParser, type UploadedFile } from "@miqro/core";
import fc from "fast-check";
import { type Served, serve } from "./support/serve.js";

interface Uploading extends Served {
  readonly folder: string;
  /** Waits until the folder is empty. */
  empty(): Promise<void>;
}

async function serveForms(
  options: MultipartOptions = {},
  handler: Handler = (req) => req.body,
): Promise<Uploading> {
  const folder = await mkdtemp(join(tmpdir(), "forms-"));
  const server = await serve((app) => app.post("/", MultipartParser({ folder, ...options }), handler), {
    stallTimeout: 200,
  });
  return {
    ...server,
    folder,
    async empty() {
      const deadline = Date.now() + 5000;
      while ((await readdir(folder)).length > 0) {
        if (Date.now() > deadline) assert.fail(`left behind: ${await readdir(folder)}`);
        await new Promise((resolve) => setImmediate(resolve));
      }
    },
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]();
      await rm(folder, { recursive: true });
    },
  };
}

function form(...parts: (readonly [name: string, value: string | Blob, fileName?: string])[]): RequestInit {
  const body = new FormData();
  for (const [name, value, fileName] of parts) {
    if (typeof value === "string") body.append(name, value);
    else body.append(name, value, fileName);
  }
  return { method: "POST", body };
}

function raw(body: string, boundary = "b"): RequestInit {
  return { method: "POST", body, headers: { "content-type": `multipart/form-data; boundary=${boundary}` } };
}

const head = (rest: string) => `--b\r\nContent-Disposition: form-data; ${rest}\r\n\r\n`;

describe("MultipartParser", () => {
  it("gives fields as text, files on disk, and lists for what is there several times", async () => {
    let seen: Record<string, unknown> = {};
    let content = "";
    await using server = await serveForms({}, async (req) => {
      seen = req.body as Record<string, unknown>;
      const file = seen.file as UploadedFile;
      content = await readFile(file.path, "utf8");
      assert.equal((await stat(file.path)).mode & 0o777, 0o600);
      return "ok";
    });
    const body = form(
      ["a", "1"],
      ["b", "x"],
      ["b", "é"],
      ["file", new Blob(["hello"], { type: "text/css" }), "a.css"],
    );
    assert.equal((await server.fetch("/", body)).status, 200);
    const { path, ...file } = seen.file as UploadedFile;
    assert.deepEqual(file, { field: "file", name: "a.css", type: "text/css", size: 5 });
    assert.deepEqual([seen.a, seen.b, content], ["1", ["x", "é"], "hello"]);
    assert.equal(path.startsWith(server.folder), true);
    await server.empty();
  });

  it("leaves a file that the handler has moved", async () => {
    await using server = await serveForms({}, async (req) => {
      const { file } = req.body as { file: UploadedFile };
      await rename(file.path, join(server.folder, "..", "kept-upload"));
      return "ok";
    });
    assert.equal((await server.fetch("/", form(["file", new Blob(["x"]), "a"]))).status, 200);
    await server.empty();
    const kept = join(server.folder, "..", "kept-upload");
    assert.equal(existsSync(kept), true);
    await rm(kept);
  });

  it("hands files to a handler as they come, and goes on when it does not read them", async () => {
    const sizes: number[] = [];
    await using server = await serveForms({
      onFile: async ({ stream, field }) => {
        if (field === "skipped") return "not read";
        let size = 0;
        for await (const chunk of stream) size += (chunk as Buffer).length;
        sizes.push(size);
        return { size };
      },
    });
    const big = new Blob(["x".repeat(3_000_000)]);
    const answer = await server.fetch("/", form(["skipped", big, "a"], ["read", big, "b"], ["c", "1"]));
    assert.deepEqual(await answer.json(), { skipped: "not read", read: { size: 3_000_000 }, c: "1" });
    assert.deepEqual(sizes, [3_000_000]);
  });

  it("answers what the handler of a file throws", async () => {
    await using server = await serveForms({
      onFile: () => {
        throw Object.assign(new Error("not this one"), { status: 422 });
      },
    });
    assert.equal((await server.fetch("/", form(["file", new Blob(["x"]), "a"]))).status, 422);
  });

  it("gives names without folders and control characters", async () => {
    const names: string[] = [];
    await using server = await serveForms({ onFile: ({ name }) => names.push(name) });
    const hostile = ["../../etc/passwd", "C:\\\\x\\\\a.txt", "..", "a\u0000b\u001b[1m", "/"];
    for (const name of hostile) {
      await server.fetch("/", raw(`${head(`name="f"; filename="${name}"`)}x\r\n--b--\r\n`));
    }
    const extended = [
      "UTF-8''..%2F..%2Fetc%2Fshadow",
      "UTF-9''%zz",
      "UTF-8''a%00%0d%0ab",
      "iso-8859-1''%5c%5cx%5cy",
      "'",
    ];
    for (const name of extended) {
      await server.fetch("/", raw(`${head(`name="f"; filename*=${name}`)}x\r\n--b--\r\n`));
    }
    // The last one is no name at all, so that part is a field.
    assert.equal(names.length, hostile.length + extended.length - 1);
    assert.equal(names.includes("shadow"), true);
    for (const name of names) assert.doesNotMatch(name, /^\.{0,2}$|[/\\]|\p{Cc}/u);
    assert.equal(names.includes("passwd"), true);
  });

  it("answers 413 to too many or too large parts, and leaves no file", async () => {
    await using server = await serveForms({ files: 1, fields: 2, fileSize: 10, fieldSize: 5 });
    const file = (size: number) => new Blob(["x".repeat(size)]);
    const cases: RequestInit[] = [
      form(["a", file(1), "a"], ["b", file(1), "b"]),
      form(["a", "1"], ["b", "2"], ["c", "3"]),
      form(["a", file(11), "a"]),
      form(["a", file(5_000_000), "a"]),
      form(["a", "123456"]),
      raw(`${"x".repeat(300_000)}\r\n${head('name="a"')}1\r\n--b--\r\n`),
      raw(`${head('name="a"')}1\r\n--b--\r\n${"x".repeat(300_000)}`),
      raw(head("x=y").repeat(5000)),
      raw("--b\r\n".repeat(5000)),
      raw("--b\r\n\r\n\r\n".repeat(5000)),
      raw(`${head('name="a"').replace("\r\n\r\n", `\r\n${"X: y\r\n".repeat(50_000)}\r\n`)}1\r\n--b--\r\n`),
    ];
    for (const [index, body] of cases.entries()) {
      assert.equal((await server.fetch("/", body)).status, 413, String(index));
    }
    assert.equal((await server.fetch("/", form(["a", file(10), "a"], ["b", "12345"]))).status, 200);
    await server.empty();
    assert.deepEqual(server.lines, []);
  });

  it("answers 400 to what is malformed, and leaves no file", async () => {
    await using server = await serveForms();
    const file = head('name="f"; filename="a"');
    const cases: RequestInit[] = [
      raw("nonsense"),
      raw(head('name="a"')),
      raw(`${file}half`),
      raw(`${file}half\r\n--b`),
      raw(`${head('filename="a"')}x\r\n--b--\r\n`),
      raw(`${head("")}x\r\n--b--\r\n${file}`),
      // Parts that would be lost without a word.
      raw(`--b\r\nX-A: 1\r\n\r\nx\r\n--b--\r\n`),
      raw(`--b\r\nContent-Disposition: attachment; name="a"\r\n\r\nx\r\n--b--\r\n`),
      raw(`--b\r\nContent-Disposition: form-data; name="a"\r\nx\r\n--b--\r\n`),
      raw(`${head('name="a"')}one\r\n--bx\r\ntwo\r\n--b--\r\n`),
      raw("--b--", ""),
      raw("--b--", '""'),
      raw(`--${"b".repeat(10_000)}\r\n`, "b".repeat(10_000)),
      raw(head('name="a"').replaceAll("\r\n", "\n")),
      { method: "POST", body: "x", headers: { "content-type": "multipart/form-data" } },
    ];
    for (const [index, body] of cases.entries()) {
      assert.equal((await server.fetch("/", body)).status, 400, String(index));
    }
    await server.empty();
    assert.deepEqual(server.lines, []);
  });

  it("reads a form that comes byte by byte, between a preamble and an epilogue, with a quoted boundary", async () => {
    const app = new App().post("/", MultipartParser(), (req) => req.body);
    const field = (name: string, value: string) => `${head(`name="${name}"`)}${value}\r\n`;
    const text = `preamble\r\n${field("a", "1\r\n--")}${field("b", " --b")}${field("c", "")}--b--\r\n\r\n--b\r\nx`;
    async function* bytes(): AsyncGenerator<Uint8Array> {
      for (const byte of Buffer.from(text)) yield Uint8Array.of(byte);
    }
    const headers = { "content-type": 'multipart/form-data; charset=utf-8; boundary="b"' };
    const answer = await app.inject({ method: "POST", url: "/", headers, body: bytes() });
    assert.deepEqual(answer.json(), { a: "1\r\n--", b: " --b", c: "" });
    const empty = await app.inject({ method: "POST", url: "/", headers, body: "--b--\r\n" });
    assert.deepEqual(empty.json(), {});
  });

  it("takes names as they are: no nesting, no way to a prototype", async () => {
    await using server = await serveForms();
    const body = form(
      ["a[b][c]", "1"],
      ["list[1000000]", "2"],
      ["__proto__", "3"],
      ["constructor", "4"],
      ["toString", "5"],
    );
    const answer = await (await server.fetch("/", body)).json();
    assert.deepEqual(answer, { "a[b][c]": "1", "list[1000000]": "2", constructor: "4", toString: "5" });
  });

  it("leaves no file when the client goes away or stalls", async () => {
    await using server = await serveForms();
    const body = `${head('name="f"; filename="a"')}${"x".repeat(200_000)}`;
    const start = `POST / HTTP/1.1\r\nHost: a\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: 900000\r\n\r\n${body}`;
    const written = async () => {
      while ((await readdir(server.folder)).length === 0)
        await new Promise((resolve) => setImmediate(resolve));
    };
    const socket = connect(server.port, "127.0.0.1");
    socket.write(start);
    await written();
    socket.resetAndDestroy();
    await server.empty();
    assert.match(await server.raw(start), /^HTTP\/1.1 408 /);
    await server.empty();
  });

  it("never answers 5xx, whatever is sent", async () => {
    await using server = await serveForms({ fileSize: 100, fieldSize: 100 });
    const piece = fc.constantFrom(
      "--b\r\n",
      "--b--\r\n",
      "--b",
      "\r\n",
      "\r\n\r\n",
      "Content-Disposition: form-data; name=",
      'Content-Disposition: form-data; name="a"; filename="b"',
      "Content-Type: text/plain; charset=utf-7",
      "Content-Transfer-Encoding: base64",
      '"',
      "x",
      "\0",
    );
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 12 }), async (pieces) => {
        const { status } = await server.fetch("/", raw(`--b\r\n${pieces.join("")}`));
        assert.ok(status < 500, `${status}`);
      }),
      { numRuns: 150 },
    );
    await server.empty();
    assert.deepEqual(server.lines, []);
  });
});
