import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { Router, Static } from "@miqro/core";
import { request, serve } from "./support/serve.js";

describe("Static", () => {
  let folder = "";
  let root = "";
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "static-"));
    root = join(folder, "root");
    await mkdir(join(root, "docs"), { recursive: true });
    await mkdir(join(root, ".git"));
    await writeFile(join(folder, "secret.txt"), "secret");
    await writeFile(join(root, "a.css"), "body{}");
    await writeFile(join(root, "big.bin"), Buffer.alloc(300_000, 1));
    await writeFile(join(root, ".env"), "secret");
    await writeFile(join(root, ".git", "config"), "secret");
    await writeFile(join(root, "docs", "index.html"), "<p>docs</p>");
    await writeFile(join(root, "é x.txt"), "unicode");
    await symlink(join(folder, "secret.txt"), join(root, "link.txt"));
    await symlink(folder, join(root, "up"));
    await symlink(join(root, "a.css"), join(root, "inside.css"));
    await symlink(join(root, ".env"), join(root, "env.txt"));
    await symlink(join(root, ".git"), join(root, "git"));
    await symlink(join(root, "docs"), join(root, "DOCS"));
    await symlink(join(root, "docs", "index.html"), join(root, "page.html"));
  });
  after(() => rm(folder, { recursive: true }));

  it("serves files with type, length and validators", async () => {
    await using server = await serve((app) => app.fallback(Static(root)));
    const response = await server.fetch("/a.css");
    assert.equal(response.headers.get("content-type"), "text/css; charset=utf-8");
    assert.equal(await response.text(), "body{}");
    const etag = response.headers.get("etag") ?? "";
    const modified = response.headers.get("last-modified") ?? "";
    assert.match(etag, /^"\w+-6"$/);
    for (const headers of [{ "if-none-match": `"x", W/${etag}` }, { "if-modified-since": modified }]) {
      const fresh = await server.fetch("/a.css", { headers });
      assert.equal(fresh.status, 304);
      assert.equal(fresh.headers.get("content-length"), null);
    }
    const stale = await server.fetch("/a.css", {
      headers: { "if-none-match": '"x"', "if-modified-since": modified },
    });
    assert.equal(stale.status, 200);
  });

  it("streams a large file, and answers HEAD with its length", async () => {
    await using server = await serve((app) => app.fallback(Static(root)));
    const response = await server.fetch("/big.bin");
    assert.equal(response.headers.get("content-length"), "300000");
    assert.equal((await response.arrayBuffer()).byteLength, 300_000);
    const head = await server.raw(request("HEAD /big.bin"));
    assert.match(head, /\r\nContent-Length: 300000\r\n/);
    assert.ok(head.endsWith("\r\n\r\n"));
  });

  it("gives no file outside, no dotfile and no excluded one, in any spelling", async () => {
    const handler = Static(root, { exclude: (path) => path.startsWith("docs/") });
    await using server = await serve((app) => app.fallback(handler));
    const targets = [
      "/../secret.txt",
      "/%2e%2e/secret.txt",
      "/..%2fsecret.txt",
      "/%252e%252e%252fsecret.txt",
      "/docs/..%5c..%5csecret.txt",
      "/a.css%00",
      "/.env",
      "/%2eenv",
      "/.git/config",
      "/link.txt",
      "/up/secret.txt",
      "/up%2fsecret.txt",
      "/a.css/",
      "/a.css/x",
      "/docs/index.html",
      "/docs/",
      // A link inside the root, or a file system that does not care for case, gives another name to what is excluded.
      "/env.txt",
      "/git/config",
      "/DOCS/index.html",
      "/DOCS/",
      "/DOCS",
      "/page.html",
      `/${"x".repeat(300)}`,
    ];
    for (const target of targets) {
      const answer = await server.raw(request(`GET ${target}`));
      assert.match(answer, /^HTTP\/1.1 40[04] /, target);
      assert.doesNotMatch(answer, /secret\b(?!\.txt)/, target);
    }
    assert.equal((await server.fetch("/inside.css")).status, 200);
  });

  it("serves the index of a folder behind a slash, and leads there", async () => {
    await using server = await serve((app) => app.fallback(Static(root)));
    assert.equal(await (await server.fetch("/docs/")).text(), "<p>docs</p>");
    const redirect = await server.fetch("/docs?a=1");
    assert.equal(redirect.status, 301);
    assert.equal(redirect.headers.get("location"), "/docs/?a=1");
    assert.match(await server.raw(request("GET //docs")), /\r\nLocation: \/docs\/\r\n/);
  });

  it("answers 405 and OPTIONS for a file, with the methods of the routes at its path", async () => {
    await using server = await serve((app) => {
      app
        .use("/assets", Static(root))
        .put("/a.css", () => "put")
        .all("/big.bin", () => undefined);
      app.use(new Router().fallback(Static(root, { exclude: (path) => path === "inside.css" })));
    });
    const ask = async (method: string, path: string): Promise<unknown> => {
      const { status, headers } = await server.fetch(path, { method });
      return [status, headers.get("allow")];
    };
    const files = "GET, HEAD, OPTIONS";
    assert.deepEqual(await ask("POST", "/assets/a.css"), [405, files]);
    assert.deepEqual(await ask("DELETE", "/docs/"), [405, files]);
    assert.deepEqual(await ask("DELETE", "/docs"), [405, files]);
    assert.deepEqual(await ask("OPTIONS", "/docs/index.html"), [204, files]);
    assert.deepEqual(await ask("POST", "/a.css"), [405, `${files}, PUT`]);
    assert.deepEqual(await ask("OPTIONS", "/a.css"), [204, `${files}, PUT`]);
    assert.equal((await server.fetch("/a.css", { method: "PUT" })).status, 200);
    // Not files that GET would find, and a route that took the method.
    for (const path of [
      "/none",
      "/.env",
      "/inside.css",
      "/docs/index.html/",
      "/.git/",
      "/link.txt",
      "/big.bin",
    ]) {
      assert.deepEqual(await ask("POST", path), [404, null], path);
    }
    assert.deepEqual(server.lines, []);
  });

  it("serves below the path that it is used at, and leaves other methods and files to the next", async () => {
    const service = new Router().fallback(() => "next");
    await using server = await serve((app) => {
      app.use("/assets/:version", Static(root));
      app.get("/files/*", Static(root));
      app.use(service);
    });
    assert.equal((await server.fetch("/assets/1/a.css")).status, 200);
    assert.equal((await server.fetch("/files/%C3%A9%20x.txt")).status, 200);
    assert.equal(await (await server.fetch("/assets/1/none.css")).text(), "next");
    assert.equal(await (await server.fetch("/assets/1/a.css", { method: "POST" })).text(), "next");
  });
});

describe("res.sendFile", () => {
  it("takes the path of a folder first", () => {
    for (const [root, message] of [
      [{ directory: "public" }, /takes the path of a folder, and then its options, not an object/],
      [undefined, /takes the path of a folder/],
      ["/no/such/folder", /The folder of Static does not exist: \/no\/such\/folder/],
    ] as const)
      assert.throws(() => Static(root as string), message);
  });

  it("sends a file of its root only", async () => {
    const root = await mkdtemp(join(tmpdir(), "send-"));
    await writeFile(join(root, "a.txt"), "a");
    await using server = await serve((app) =>
      app.get("/", (req, res) => res.sendFile(String(req.query.path), { root })),
    );
    assert.equal(await (await server.fetch("/?path=a.txt")).text(), "a");
    assert.equal((await server.fetch("/?path=../../etc/passwd")).status, 404);
    assert.equal((await server.fetch("/?path=none")).status, 404);
    await writeFile(join(root, ".secret"), "secret");
    await symlink(join(root, ".secret"), join(root, "link"));
    assert.equal((await server.fetch("/?path=link")).status, 404);
    await rm(root, { recursive: true });
  });
});
