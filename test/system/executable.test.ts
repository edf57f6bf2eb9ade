import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { once } from "node:events";
import {
  chmod,
  copyFile,
  cp,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  symlink,
  writeFile,
} from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import {
  createEmptyFolder,
  type EmptyFolder,
  type PackedPackages,
  packPackages,
} from "miqro-tests/packed-app";
import { type RunningProcess, startProcess } from "miqro-tests/process";
import { scale } from "miqro-tests/scale";

const program = "miqro/bin/miqro.js";
const { node_use_lief: hasLibrary } = process.config.variables as { readonly node_use_lief?: unknown };
const writesItself = hasLibrary === true;

/** No program is found, and no log file is written. */
const quiet = { PATH: "", LOG_FILE: "false" };

/** A package of `node_modules` by the names and texts of its files. */
const packages: Readonly<Record<string, string>> = {
  "legacy/package.json":
    '{ "name": "legacy", "version": "1.0.0", "main": "lib", "dependencies": { "twice": "2" } }',
  "legacy/lib/index.js": `
    const util = require("util");
    exports.parts = [require("./part"), require("../data.json").data, require("twice"), require("dual")];
    exports.isFile = /legacy.lib.index\\.js$/.test(__filename) && require.resolve("./part") !== undefined;
    exports.types = util.types.isPromise(Promise.resolve());
    try { require("fast-but-native"); } catch (error) { exports.missing = error.code; }
    exports.byName = (name) => require("./names/" + name);`,
  "legacy/lib/part.js": 'module.exports = "part";',
  "legacy/lib/names/a.js": 'module.exports = "a by its name";',
  "legacy/data.json": '{ "data": "data" }',
  "legacy/node_modules/twice/package.json": '{ "name": "twice", "version": "2.0.0" }',
  "legacy/node_modules/twice/index.js": "module.exports = 2;",
  "again/package.json": '{ "name": "again", "version": "1.0.0" }',
  "again/index.js":
    'if (process.env.NODE_ENV === "development") module.exports = require("./dev.js");\nelse module.exports = require("./cjs/all.js");',
  "again/dev.js": "exports.inner = 2;",
  "again/cjs/all.js":
    '"use strict";\n__exportStar(require("./inner"), exports);\nfunction __exportStar(m, e) { Object.assign(e, m); }\nexports.outer = 3;',
  "again/cjs/inner/index.js": "exports.inner = 1;",
  "twice/package.json": '{ "name": "twice", "version": "1.0.0" }',
  "twice/index.js": "module.exports = 1;",
  "dual/package.json":
    '{ "name": "dual", "version": "1.0.0", "exports": { ".": { "import": "./dual.mjs", "require": "./dual.cjs" }, "./sub": "./sub.mjs" } }',
  "dual/dual.mjs": 'export default "by import";',
  "dual/dual.cjs": 'module.exports = "by require";',
  "dual/sub.mjs": 'export const sub = await Promise.resolve("awaited");',
  "sheets/package.json": '{ "name": "sheets", "version": "1.0.0" }',
  "sheets/reset.css": "* { margin: 0 }\n",
  "native/package.json": '{ "name": "native", "version": "1.0.0", "gypfile": true }',
  "native/index.js": "module.exports = 1;",
};

const app: Readonly<Record<string, string>> = {
  "miqro.json": '{ "name": "fixture", "services": ["app/"], "noBuild": true }',
  "app/server.js": `
    import { once } from "node:events";
    const ready = await Promise.resolve("ready");
    export default { async load(server) { server.localCache.set("ready", ready); } };`,
  "app/http/modules.json.js": `
    import { readFileSync } from "node:fs";
    import { readdir, readFile, stat } from "node:fs/promises";
    import { createRequire } from "node:module";
    import legacy, { parts } from "legacy";
    import { inner, outer } from "again";
    import dual from "dual";
    import { sub } from "dual/sub";
    import twice from "twice";
    import data from "../data.json" with { type: "json" };
    import { word } from "#words";
    import pg from "pg";
    const require = createRequire(import.meta.url);
    const template = new URL("../template.txt", import.meta.url);
    const missing = async (name) => {
      try { await import(name); } catch (error) { return error.code + " " + /package '[^']+'/.exec(error.message)?.[0]; }
    };
    export default async (req) => ({
      legacy: [legacy.parts === parts, parts, legacy.isFile, legacy.types, legacy.missing, legacy.byName("a")],
      dual, sub, twice, again: [inner, outer], data, word,
      required: [require("twice"), require("../data.json").data],
      names: [/modules\\.json\\.js$/.test(import.meta.filename), /http$/.test(import.meta.dirname)],
      texts: [readFileSync(template, "utf8"), await readFile(template, "utf8")],
      size: (await stat(template)).size,
      listed: (await readdir(new URL("./", template))).includes("template.txt"),
      byLanguage: (await import(\`../words/\${req.query.lang ?? "en"}.js\`)).default,
      missing: await missing("no-such-package"),
      ready: req.server.localCache.get("ready"),
      pg: typeof pg.Client,
    });`,
  "app/db.js": `
    const { DB_URL } = process.env;
    export default { name: "notes", dialect: "pg", connectionString: DB_URL ?? "postgres://127.0.0.1/none", disabled: DB_URL === undefined };`,
  "app/doc.js": `
    export default { title: "Fixture", publish: { "/docs": { type: "HTML" }, "/docs.md": { type: "MD" }, "/openapi.json": { type: "OPENAPI" } } };`,
  "app/data.json": '{ "data": "of the app" }',
  "app/template.txt": "A template.\n",
  "app/word.js": 'export const word = "by imports of package.json";',
  "app/words/en.js": 'export default "hello";',
  "app/words/es.js": 'export default "hola";',
  "app/http/throws.api.js": 'export default () => { throw new Error("thrown"); };',
  "app/http/mapped.api.js":
    'export default () => { throw new Error("of a source"); };\n//# sourceMappingURL=mapped.api.js.map\n',
  "app/http/mapped.api.js.map":
    '{ "version": 3, "sources": ["mapped.api.ts"], "names": [], "mappings": "AAMA" }',
  "app/http/scope/module.js":
    'import { hook } from "@miqro/core";\nexport const meta = { plugins: [hook("request", (req) => { req.seen = "by the scope"; })] };',
  "app/http/scope/seen.api.js": "export default (req) => ({ seen: req.seen });",
  "app/http/404.html.md": "# Nothing is here\n",
  "app/http/guide/page.html.md": "---\ntitle: A page\nlayout: wide\n---\n# A page\n",
  "app/http/_wide.html.js":
    'import { createElement } from "@miqro/jsx";\nexport default ({ title, children }) => createElement("main", { title }, children);',
  "app/http/all.css.bundle": "base.css\n../../node_modules/sheets/reset.css\n",
  "app/http/base.css": "body { background: url(dot.svg) }\n",
  "app/http/dot.svg": "<svg/>",
  "app/http/[id].html.js": "export default (req) => req.params.id;",
  "app/http/js/app.min.js":
    'import dual from "dual";\nconsole.log(dual, new URL("./dot.svg", import.meta.url));\n',
  "app/http/js/dot.svg": "<svg><!-- asset --></svg>",
  "app/http/.hidden.txt": "hidden",
  "app/http/_private.txt": "private",
  "app/static/.env": "SECRET=1",
  "app/static/.well-known/known.txt": "known",
  "app/static/folder/index.html": "an index",
  "app/static/größe ü%.txt": "a name",
};

describe("miqro --compile", () => {
  let packed: PackedPackages;
  let folder: EmptyFolder;
  let alone: string;
  const servers: RunningProcess[] = [];

  const serve = async (command: string, args: readonly string[], cwd: string, env: NodeJS.ProcessEnv) => {
    const server = startProcess(command, [...args, "--port", "0", "--host", "127.0.0.1"], { cwd, env });
    servers.push(server);
    const [, url = ""] = await server.waitFor(/on (http:\/\/\S+) \(/);
    return { server, url };
  };
  const compile = async (args: readonly string[] = [], env: NodeJS.ProcessEnv = {}) => {
    const running = folder.start(program, ["--compile", ...args], { ...process.env, ...env });
    return { code: await running.exited, text: running.output() };
  };

  before(async () => {
    [packed, folder] = await Promise.all([
      packPackages(),
      createEmptyFolder({ private: true, type: "module", imports: { "#words": "./app/word.js" } }),
    ]);
    alone = await mkdtemp(join(tmpdir(), "miqro-alone-"));
    await folder.install(...packed.tarballs.values(), "pg@8", "postject@1.0.0-alpha.6");
    await folder.write(
      Object.fromEntries(Object.entries(packages).map(([name, text]) => [`node_modules/${name}`, text])),
    );
    await folder.write(app);
    await writeFile(join(folder.path, "app/static/large.bin"), Buffer.alloc(300_000, "0123456789abcdef"));
    await symlink("large.bin", join(folder.path, "app/static/link.bin"));
    await symlink("/etc/hostname", join(folder.path, "app/static/outside.txt"));
    const { code, text } = await compile();
    assert.equal(code, 0, text);
    assert.match(text, /^Wrote fixture \(\d+\.\d MB, of which \d+\.\d are yours; \d+\.\d s\)\n$/);
    await copyFile(join(folder.path, "fixture"), join(alone, "fixture"));
  });
  after(async () => {
    for (const server of servers) await server.stop();
    await folder?.remove();
    await packed?.remove();
    await rm(alone, { recursive: true, force: true });
  });

  it("answers every request as the server does from its folder", async () => {
    const live = await serve(
      process.execPath,
      [join(folder.path, "node_modules", program)],
      folder.path,
      process.env,
    );
    const one = await serve(join(alone, "fixture"), [], alone, quiet);
    const entry = await (await fetch(`${live.url}/js/app.js`)).text();
    const [, module = ""] = /import\("\.\.(\/_miqro\/[^"]+)"\)/.exec(entry) ?? [];
    const page = await (await fetch(`${live.url}/docs`)).text();
    const siblings = [...page.matchAll(/(?:src|href)="([^"#:]+)"/g)].map(([, name = ""]) => {
      return new URL(name, `${live.url}/docs`).pathname;
    });
    assert.ok(siblings.length > 1, page);
    const requests: [path: string, init?: RequestInit][] = [
      ...["/docs", "/docs.md", "/openapi.json", ...siblings],
      ...[
        "/modules.json",
        "/modules.json?lang=es",
        "/throws",
        "/scope/seen",
        "/nothing",
        "/guide/page",
        "/guide/page.html",
      ],
      ...["/all.css", "/base.css", "/dot.svg", "/7.html", "/js/app.js", "/js/app.min.js", module],
      ...[
        "/.hidden.txt",
        "/_private.txt",
        "/_wide.html",
        "/.env",
        "/.well-known/known.txt",
        "/folder",
        "/folder/",
      ],
      ...["/gr%C3%B6%C3%9Fe%20%C3%BC%25.txt", "/large.bin", "/link.bin", "/outside.txt", "/..%2fminqro.json"],
      ...["/modules.json.js", "/data.json", "/miqro.json", "/node_modules/legacy/data.json", "/carried.json"],
    ].map((path) => [path]);
    requests.push(
      ["/nothing", { headers: { accept: "text/html" } }],
      ["/large.bin", { method: "HEAD" }],
      ["/large.bin", { method: "POST" }],
      ...[
        "bytes=0-9",
        "bytes=299990-",
        "bytes=-5",
        "bytes=70000-200000",
        "bytes=400000-",
        "bytes=0-1,9-10",
      ].map((range): [string, RequestInit] => ["/large.bin", { headers: { range } }]),
    );
    const seen = new Set<number>();
    for (const [path, init] of requests) {
      const expected = await answerOf(live.url + path, init);
      assert.deepEqual(
        await answerOf(one.url + path, init),
        expected,
        `${path} ${JSON.stringify(init ?? {})}`,
      );
      seen.add(expected.status);
    }
    assert.deepEqual([...seen].sort(), [200, 206, 301, 404, 405, 416, 500]);
    const modules = (await (await fetch(`${one.url}/modules.json`)).json()) as Record<string, unknown>;
    assert.deepEqual(modules.legacy, [
      true,
      ["part", "data", 2, "by require"],
      true,
      true,
      "MODULE_NOT_FOUND",
      "a by its name",
    ]);
    assert.equal(modules.missing, "ERR_MODULE_NOT_FOUND package 'no-such-package'");
    assert.equal(modules.pg, "function");
  });

  it("serves files with tags of their content, and knows them again", async () => {
    const { url } = await serve(join(alone, "fixture"), [], alone, quiet);
    const [large, link] = await Promise.all([fetch(`${url}/large.bin`), fetch(`${url}/link.bin`)]);
    const tag = large.headers.get("etag") ?? "";
    assert.match(tag, /^"[\w-]{22}"$/);
    assert.equal(link.headers.get("etag"), tag);
    await Promise.all([large.arrayBuffer(), link.arrayBuffer()]);
    for (const headers of [
      { "if-none-match": tag },
      { "if-modified-since": large.headers.get("last-modified") ?? "" },
    ]) {
      assert.equal((await fetch(`${url}/large.bin`, { headers })).status, 304);
    }
    const part = await fetch(`${url}/large.bin`, { headers: { range: "bytes=16-19", "if-range": tag } });
    assert.deepEqual([part.status, await part.text()], [206, "0123"]);
  });

  it("names lines of the sources", async () => {
    const { server, url } = await serve(join(alone, "fixture"), [], alone, quiet);
    assert.equal((await fetch(`${url}/mapped`)).status, 500);
    await server.waitFor(/Error: of a source\n\s+at .*fixture\/app\/http\/mapped\.api\.ts:7:/);
  });

  it("writes nothing beside it", async () => {
    assert.deepEqual(await readdir(alone), ["fixture"]);
  });

  it("speaks to PostgreSQL", async () => {
    // That it is refused shows that the driver runs.
    const other = createServer().listen(0, "127.0.0.1");
    await once(other, "listening");
    const { port } = other.address() as { port: number };
    other.close();
    await once(other, "close");
    const env = { ...quiet, DB_URL: `postgres://127.0.0.1:${port}/none` };
    const running = startProcess(join(alone, "fixture"), ["--migrate-up"], { cwd: alone, env });
    assert.equal(await running.exited, 20);
    assert.match(running.output(), /app\/db\.js: .*ECONNREFUSED/);
  });

  const refused: readonly [what: string, files: Readonly<Record<string, string>>, words: RegExp][] = [
    [
      "a database whose driver is native",
      { "other/db.js": 'export default { name: "a", dialect: "sqlite3", storage: ":memory:" };' },
      /^miqro: other\/db\.js: the database "a" has the dialect "sqlite3", whose driver is native code.* Write "node:sqlite"/,
    ],
    [
      "a package that is native",
      { "app/http/native.api.js": 'import native from "native";\nexport default () => native;' },
      /^miqro: app\/http\/native\.api\.js: it imports "native", which is native code/,
    ],
    [
      "what would not start",
      {
        "app/ws.js": "export default {};",
        "app/http/broken.api.js": "export default 1;",
      },
      /^miqro: app\/.*\nmiqro: app\//,
    ],
  ];
  for (const [what, files, words] of refused) {
    it(`refuses ${what}, and leaves no half file`, async () => {
      await folder.write(files);
      const out = await mkdtemp(join(alone, "refused-"));
      const services = Object.keys(files).map((name) => name.split("/")[0] ?? "");
      const flags = services.flatMap((name) => ["--service", name]).slice(0, 2);
      const { code, text } = await compile(["--compile-out", join(out, "one"), ...flags]);
      for (const name of Object.keys(files)) await rm(join(folder.path, name));
      assert.match(text, words);
      assert.equal(code, 20);
      assert.deepEqual(await readdir(out), []);
      await rm(out, { recursive: true });
    });
  }

  it("says what it lacks before it begins", async () => {
    const out = await mkdtemp(join(alone, "lacks-"));
    await writeFile(join(out, "script"), "#!/bin/sh\n".repeat(10));
    const intel = Buffer.alloc(64);
    intel.writeUInt32BE(0xcf_fa_ed_fe);
    intel.writeUInt32LE(0x01_00_00_07, 4);
    await writeFile(join(out, "intel"), intel);
    for (const [args, words] of [
      [
        ["--compile-out", join(out, "none", "one")],
        /The folder .*none does not exist\. --compile-out names a file/,
      ],
      [["--compile-out", out], /is a folder\. --compile-out names the file to write\./],
      [["--compile-node", join(out, "script")], /is not a program of Linux, macOS or Windows/],
      [
        ["--compile-node", join(out, "none")],
        /cannot be read: there is no such file\. --compile-node names the node/,
      ],
      [
        ["--compile-node", join(out, "intel")],
        /macOS on Intel, whose executables crash.* \(nodejs\/node#62893\)/,
      ],
      [["--compile-node", join(folder.path, "fixture")], /already contains a program/],
    ] as [string[], RegExp][]) {
      const { code, text } = await compile(args);
      assert.match(text, words);
      assert.equal(code, 20, text);
      assert.equal(text.trim().split("\n").length, 1, text);
    }
    if (process.getuid?.() !== 0) {
      await mkdir(join(out, "readonly"));
      await chmod(join(out, "readonly"), 0o555);
      const { text } = await compile(["--compile-out", join(out, "readonly", "one")]);
      assert.match(text, /The folder .* cannot be written: EACCES/);
    }
    await rm(out, { recursive: true });
  });

  it("says how to get postject where Node.js does not write executables", {
    skip: writesItself,
  }, async () => {
    const postject = join(folder.path, "node_modules/postject");
    await cp(postject, join(folder.path, "postject-aside"), { recursive: true });
    await rm(postject, { recursive: true });
    const { code, text } = await compile();
    await cp(join(folder.path, "postject-aside"), postject, { recursive: true });
    assert.match(text, /postject does it\. Run "npm install --save-dev postject", or use Node\.js 26\.\n$/);
    assert.equal(code, 20);
  });

  it("makes the same bytes of the same input, wherever and whenever it lies", async () => {
    const other = `${folder.path}-copy`;
    await cp(folder.path, other, { recursive: true, verbatimSymlinks: true });
    const digestOf = async (file: string) =>
      createHash("sha256")
        .update(await readFile(file))
        .digest("hex");
    const expected = await digestOf(join(folder.path, "fixture"));
    for (const cwd of scale({ sample: [other], full: [folder.path, other, other] })) {
      const running = startProcess(process.execPath, [join(cwd, "node_modules", program), "--compile"], {
        cwd,
      });
      assert.equal(await running.exited, 0, running.output());
      assert.equal(await digestOf(join(cwd, "fixture")), expected, cwd);
    }
    await rm(other, { recursive: true });
  });
});

/** An answer without what differs between two starts of the same server. */
async function answerOf(url: string, init: RequestInit = {}) {
  const response = await fetch(url, { redirect: "manual", ...init });
  const varying = new Set(["date", "last-modified", "etag", "connection", "keep-alive"]);
  const boundary = /boundary=(\S+)/.exec(response.headers.get("content-type") ?? "")?.[1] ?? "no boundary";
  const text = Buffer.from(await response.arrayBuffer()).toString("latin1");
  return {
    status: response.status,
    headers: [...response.headers]
      .filter(([name]) => !varying.has(name))
      .map(([name, value]) => [name, value.replace(boundary, "")]),
    text: text.replaceAll(boundary, "").replace(/"requestId":"[\w-]+"/, ""),
  };
}
