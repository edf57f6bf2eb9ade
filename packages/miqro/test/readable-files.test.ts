import assert from "node:assert/strict";
import { symlink } from "node:fs/promises";
import { request } from "node:http";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { type Services, startServices } from "./support/start-services.js";

const secret = "s3cr3t";
const code = `export default { name: "main", storage: ":memory:" }; // ${secret}\n`;
const map = JSON.stringify({
  version: 3,
  sources: ["x.ts"],
  sourcesContent: [secret],
  names: [],
  mappings: "",
});

/** What lies around, and in, the folders of a service. All of it has the secret. */
const files = {
  ".env": secret,
  "miqro.json": JSON.stringify({ services: ["app/"], name: secret }),
  "server.key": secret,
  "main.sqlite3": secret,
  "lib/helper.js": `export const helper = 1; // ${secret}`,
  "dist/app/db.js": code,
  "other/http/y.html": secret,
  "app/.env": secret,
  "app/package.json": JSON.stringify({ type: "module", name: secret }),
  "app/db.js": code,
  "app/auth.js": `export default { required: false, verify: () => null }; // ${secret}`,
  "app/notes.txt": secret,
  "app/migration/001_x.js": `export default { up: (db) => db.query("SELECT 1") }; // ${secret}`,
  "app/test/x.test.js": secret,
  "app/http/.env": secret,
  "app/http/.git/config": secret,
  "app/http/page.html.js": `export default () => "page"; // ${secret}`,
  "app/http/page.html.js.map": map,
  "app/http/list.api.js": `export default () => "list"; // ${secret}`,
  "app/http/data.json.js": `export default 1; // ${secret}`,
  "app/http/guide.html.md": `---\ntitle: Guide\n---\n<!-- ${secret} is no text -->Guide`,
  "app/http/_private.html": secret,
  "app/http/_layouts/x.html": secret,
  "app/http/helper.js": `export const helper = 1; // ${secret}`,
  "app/http/helper.d.ts": `// ${secret}`,
  "app/http/helper.test.js": secret,
  "app/http/helper.js.map": map,
  "app/http/data.sqlite3": secret,
  "app/http/data.db-wal": secret,
  "app/http/page.html.js~": secret,
  "app/http/.page.html.js.swp": secret,
  "app/http/page.bak": secret,
  "app/http/tsconfig.tsbuildinfo": secret,
  "app/http/js/app.min.js": `console.log("client");\n//# sourceMappingURL=app.min.js.map`,
  "app/http/js/app.min.js.map": map,
  "app/http/styles.css.bundle": "site.css\n",
  "app/http/site.css": "p { color: red }",
  "app/static/.env": secret,
  "app/static/.git/config": secret,
  "app/static/.hidden/x.txt": secret,
  "app/static/data.sqlite3": secret,
  "app/static/data.sqlite": secret,
  "app/static/data.db": secret,
  "app/static/data.DB-journal": secret,
  "app/static/data.db-wal": secret,
  "app/static/deep/data.sqlite3-shm": secret,
  "app/static/bundle.js.map": map,
  "app/static/bundle.css.map": map,
  "app/static/bundle.mjs.map": map,
  // Served, to see that the table asks at all.
  "app/static/logo.txt": "logo",
  "app/static/land.map": "land",
  "app/static/.well-known/x.txt": "known",
};

const linked = ["app/static/link.txt", "app/http/link.txt", "app/static/folder"];

/** Addresses that lead somewhere else, where a server is careless. */
const tricks = [
  "/../.env",
  "/%2e%2e/.env",
  "/..%2f.env",
  "/..%5c.env",
  "/%2e%2e%2f%2e%2e%2f.env",
  "/....//.env",
  "/..;/.env",
  "/logo.txt/../../.env",
  "/logo.txt%00.env",
  "/.%65nv",
  "/%2eenv",
  "/%252eenv",
  "//.env",
  "/./.env",
  "/DATA.SQLITE3",
  "/data.sqlite3/",
  "/data.sqlite3.",
  "/data.sqlite3%20",
  "/data%2esqlite3",
  "/data.sqlite3::$DATA",
  "/data.sqlite3?x=.txt",
  "/_miqro/../db.js",
  "/_miqro/..%2f..%2f..%2fdb.js",
  "/_miqro/0000000000000000/db.js",
  "/_miqro/db.js",
  "/app/db.js",
  "/db.js",
  "/dist/app/db.js",
  "/node_modules/miqro/package.json",
  "/link.txt",
  "/folder/.env",
  "/folder/miqro.json",
  "http://localhost/.env",
  "http://localhost/../.env",
  "/js/app.min.js.map",
  "/js/app.js.map",
  "/js/app.ts",
  "/page.html.js",
  "/page.html.tsx",
  "/page.html.ts",
  "/list.api.js",
  "/guide.html.md",
  "/guide.md",
  "/styles.css.bundle",
];

/** Sends a path as it is written, which `fetch` would not. */
function ask(url: string, path: string, method = "GET"): Promise<{ status: number; text: string }> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const sent = request({ hostname, port, path, method, agent: false }, (answer) => {
      answer
        .setEncoding("utf8")
        .toArray()
        .then((parts) => resolve({ status: answer.statusCode ?? 0, text: parts.join("") }), reject);
    });
    sent.once("error", reject);
    sent.end();
  });
}

const withoutSqlite =
  process.getBuiltinModule("node:sqlite") === undefined && "node:sqlite needs Node.js 22.13";

describe("what is readable over HTTP in production", { skip: withoutSqlite }, () => {
  const { NODE_ENV } = process.env;
  let server: Services;
  before(async () => {
    process.env.NODE_ENV = "production";
    server = await startServices(files);
    const { path } = server.project;
    await symlink(join(path, ".env"), join(path, "app/static/link.txt"));
    await symlink(join(path, ".env"), join(path, "app/http/link.txt"));
    await symlink(path, join(path, "app/static/folder"));
  });
  after(async () => {
    if (NODE_ENV === undefined) delete process.env.NODE_ENV;
    else process.env.NODE_ENV = NODE_ENV;
    await server[Symbol.asyncDispose]();
  });

  it("is what is meant to be", async () => {
    const meant = {
      "/logo.txt": "logo",
      "/land.map": "land",
      "/.well-known/x.txt": "known",
      "/list": "list",
      "/site.css": "p { color: red }",
    };
    for (const [path, text] of Object.entries(meant)) {
      assert.deepEqual(await ask(server.url, path), { status: 200, text }, path);
    }
    assert.equal((await ask(server.url, "/styles.css")).status, 200);
    const stub = await ask(server.url, "/js/app.js");
    const module = /\/_miqro\/[^"']+/.exec(stub.text)?.[0] ?? "";
    const { status, text } = await ask(server.url, module);
    assert.equal(status, 200);
    assert.doesNotMatch(text, /sourceMappingURL/);
    assert.equal((await ask(server.url, `${module}.map`)).status, 404);
  });

  it("is no other file of the project, by whatever path", async () => {
    const asked = new Set(tricks);
    for (const name of [...Object.keys(files), ...linked]) {
      const parts = name.split("/");
      // By its path below the project, the service, http/ and static/, and by its name.
      for (let depth = 0; depth < parts.length; depth++) asked.add(`/${parts.slice(depth).join("/")}`);
    }
    for (const path of asked) {
      for (const method of ["GET", "HEAD", "POST", "OPTIONS"]) {
        const { status, text } = await ask(server.url, path, method);
        assert.ok(!text.includes(secret), `${method} ${path}: ${status} ${text}`);
      }
    }
  });

  for (const name of Object.keys(files).filter(
    (one) => one.startsWith("app/static/") && !/logo|land|known/.test(one),
  )) {
    it(`is not ${name}`, async () => {
      assert.equal((await ask(server.url, name.replace("app/static", ""))).status, 404);
    });
  }
});

describe("source maps in static/", () => {
  it("are served in development", async () => {
    const { NODE_ENV } = process.env;
    process.env.NODE_ENV = "development";
    try {
      await using server = await startServices({ "app/static/bundle.js.map": map });
      assert.equal((await ask(server.url, "/bundle.js.map")).status, 200);
    } finally {
      if (NODE_ENV === undefined) delete process.env.NODE_ENV;
      else process.env.NODE_ENV = NODE_ENV;
    }
  });
});
