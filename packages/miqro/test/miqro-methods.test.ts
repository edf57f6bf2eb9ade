import assert from "node:assert/strict";
import { mkdir, writeFile } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterEach, describe, it } from "node:test";
import { pathToFileURL } from "node:url";
import { Miqro, type Server } from "miqro";
import { createProject, type Project } from "./support/project.js";
import { startServices } from "./support/start-services.js";

let project: Project | undefined;
afterEach(async () => {
  await project?.remove();
  project = undefined;
});

const db = 'export default { name: "main", storage: "./main.sqlite3" };';
const hooks = (
  name: string,
) => `const note = (hook) => () => { (globalThis.noted ??= []).push("${name} " + hook); };
  export default { preload: note("preload"), load: note("load"), start: note("start"), unload: note("unload"), stop: note("stop") };`;
const noted = () => (globalThis as { noted?: string[] }).noted ?? [];

const withoutSqlite =
  process.getBuiltinModule("node:sqlite") === undefined && "node:sqlite needs Node.js 22.13";

describe("Miqro.reload in a process of its own", () => {
  it("has changed, new and deleted files answer, and keeps the cache", async () => {
    await using server = await startServices({
      "app/http/a.api.js": 'export default (req) => { req.server.cache.set("k", 1); return "old"; };',
      "app/http/gone.api.js": "export default () => 'gone';",
      "app/http/page.html.md": "old",
    });
    const { project: files, miqro, url } = server;
    const read = async (path: string) => (await fetch(url + path)).text();
    assert.equal(await read("/a"), "old");
    await files.write({
      "app/http/a.api.js": 'export default (req) => "new " + req.server.cache.get("k");',
      "app/http/b.api.js": "export default () => 'b';",
      "app/http/page.html.md": "new",
    });
    const { rm } = await import("node:fs/promises");
    await rm(join(files.path, "app/http/gone.api.js"));
    await miqro.reload();
    assert.equal(await read("/a"), "new 1");
    assert.equal(await read("/b"), "b");
    assert.match(await read("/page"), /new/);
    assert.equal((await fetch(`${url}/gone`)).status, 404);
    await files.write({ "app/http/a.api.js": "export default () => 'newer';" });
    await miqro.reload();
    assert.equal(await read("/a"), "newer");
  });

  it("loses no request: what is in flight ends on the old version, before its hooks and its databases do", {
    skip: withoutSqlite,
  }, async () => {
    const gate = { begin: () => {}, open: () => {}, opened: Promise.resolve() };
    const begins = new Promise<void>((resolve) => {
      gate.begin = resolve;
    });
    gate.opened = new Promise((resolve) => {
      gate.open = resolve;
    });
    (globalThis as { gate?: typeof gate }).gate = gate;
    const route = (version: string) => `
      export const apiOptions = { path: "/x" };
      export default async (req) => {
        globalThis.gate.begin();
        await globalThis.gate.opened;
        const rows = await req.server.db.get("main").query("SELECT 1 AS one");
        return "${version} " + rows.length;
      };`;
    await using server = await startServices({
      "app/db.js": 'export default { name: "main", storage: ":memory:" };',
      "app/server.js": hooks("old"),
      "app/http/x.api.js": route("old"),
    });
    (globalThis as { noted?: string[] }).noted = [];
    const begun = fetch(`${server.url}/x`);
    await begins;
    await server.project.write({ "app/server.js": hooks("new"), "app/http/x.api.js": route("new") });
    await server.miqro.reload();
    const next = fetch(`${server.url}/x`);
    gate.open();
    assert.equal(await (await begun).text(), "old 1");
    assert.equal(await (await next).text(), "new 1");
    await server.miqro.stop({ drainIdle: 0 });
    assert.deepEqual(noted().slice(0, 3), ["new preload", "new load", "new start"]);
    assert.deepEqual([...noted().slice(3)].sort(), ["new stop", "new unload", "old stop", "old unload"]);
  });

  it("answers every request while it reloads under load", async () => {
    await using server = await startServices({ "app/http/x.api.js": "export default () => 'x';" });
    let isOver = false;
    const ask = async () => {
      for (let count = 0; ; count++) {
        const answer = await fetch(`${server.url}/x`);
        assert.equal(await answer.text(), "x");
        if (isOver) return count;
      }
    };
    const load = Promise.all([ask(), ask(), ask(), ask()]);
    for (let reload = 0; reload < 20; reload++) await server.miqro.reload();
    isOver = true;
    await load;
  });

  it("keeps the old version where the new one fails, and says why", async () => {
    await using server = await startServices({ "app/http/x.api.js": "export default () => 'x';" });
    await server.project.write({ "app/http/x.api.js": "export default {;" });
    await assert.rejects(server.miqro.reload(), /app\/http\/x\.api\.js: SyntaxError/);
    assert.equal(await (await fetch(`${server.url}/x`)).text(), "x");
    await server.project.write({ "app/http/x.api.js": "export default () => 'y';" });
    await server.miqro.reload();
    assert.equal(await (await fetch(`${server.url}/x`)).text(), "y");
  });

  it("can be asked for by a handler, which may wait for it", async () => {
    await using server = await startServices({
      "app/http/x.api.js": "export default async (req) => { await req.server.reload(); return 'reloaded'; };",
    });
    assert.equal(await (await fetch(`${server.url}/x`)).text(), "reloaded");
    assert.equal(await (await fetch(`${server.url}/x`)).text(), "reloaded");
  });

  it("sends WebSocket clients away with 1012, so that they come back", async () => {
    await using server = await startServices({ "app/ws.js": 'export default { path: "/live" };' });
    const { WebSocket } = await import("ws");
    const client = new WebSocket(`${server.url.replace("http", "ws")}/live`);
    await new Promise((resolve) => client.once("open", resolve));
    const closed = new Promise((resolve) => client.once("close", resolve));
    await server.miqro.reload();
    assert.equal(await closed, 1012);
  });
});

describe("Miqro.restart in a process of its own", () => {
  it("stops, and starts what is there by then", async (test) => {
    project = await createProject({ "app/http/x.api.js": "export default () => 'x';" });
    const miqro = new Miqro({ services: join(project.path, "app"), port: 0, host: "127.0.0.1" });
    // A check that fails must end it too, or the process of the test never ends.
    test.after(() => miqro.stop({ drainIdle: 0 }));
    const { port } = (await miqro.start()) as AddressInfo;
    assert.equal(await (await fetch(`http://127.0.0.1:${port}/x`)).text(), "x");
    await project.write({ "app/http/x.api.js": "export default () => 'y';" });
    await assert.rejects(
      new Miqro({ services: "app" }).restart(),
      /is not running: restart\(\) needs a running server/,
    );
    await miqro.restart();
  });
});

describe("Miqro.connect", () => {
  it("gives a script the databases, and nothing listens", { skip: withoutSqlite }, async () => {
    project = await createProject({
      "app/db.js": db.replace("./main.sqlite3", ":memory:"),
      "app/server.js": "export default { preload() { throw new Error('a hook ran'); } };",
      "app/migration/001_x.js":
        "export default { up: (db) => db.createTable('x', { id: { type: 'integer', primaryKey: true } }).yield() };",
    });
    const app = new Miqro({ services: join(project.path, "app") });
    const server: Server = await app.connect();
    const main = server.db.get("main");
    assert.ok(main);
    assert.equal((await main.query("SELECT 1 AS one")).length, 1);
    assert.deepEqual(
      (await server.db.getMigrations()).map(({ database, name, state }) => [database, name, state]),
      [["main", "001_x", "pending"]],
    );
    await server.db.migrate("up");
    assert.equal((await server.db.getMigrations())[0]?.state, "applied");
    assert.equal(server.url, undefined);
    await assert.rejects(app.start(), /is connected already/);
    await app.disconnect();
    await app.disconnect();
    await assert.rejects(main.query("SELECT 1"), /not connected|disconnected/);
  });

  it("is not ended by disconnect() where a server runs", async () => {
    await using server = await startServices({ "app/http/x.api.js": "export default () => 1;" });
    await assert.rejects(
      server.miqro.disconnect(),
      /This server is running: stop\(\) disconnects its databases\./,
    );
    await assert.rejects(server.miqro.connect(), /is running already/);
  });
});

describe("Miqro.dispose", () => {
  it("stops, and is the end", async () => {
    const server = await startServices({ "app/http/x.api.js": "export default () => 1;" });
    await server.miqro.dispose();
    await assert.rejects(fetch(`${server.url}/x`));
    await assert.rejects(server.miqro.start(), /is disposed already\. Make another one\./);
    await server.miqro.dispose();
    await server.project.remove();
  });
});

describe("Miqro.import", () => {
  const { PORT } = process.env;
  afterEach(() => {
    if (PORT === undefined) delete process.env.PORT;
    else process.env.PORT = PORT;
  });

  it("takes the path or the URL of a miqro.json, and what stands in it", async () => {
    process.env.PORT = "0";
    project = await createProject({
      "deep/miqro.json": '{ "services": ["../app"], "port": 1, "host": "127.0.0.1", "envFile": "x.env" }',
      "deep/x.env": "CONV_IMPORTED=yes\n",
      "app/http/x.api.js": "export default () => process.env.CONV_IMPORTED;",
    });
    const path = join(project.path, "deep/miqro.json");
    const content = { services: [join(project.path, "app")], host: "127.0.0.1" };
    for (const json of [path, pathToFileURL(path), content]) {
      await using app = Miqro.import(json);
      const { port } = (await app.start()) as AddressInfo;
      assert.equal(await (await fetch(`http://127.0.0.1:${port}/x`)).text(), "yes");
      await app.stop({ drainIdle: 0 });
    }
    delete process.env.CONV_IMPORTED;
  });

  it("tells all that is wrong", async () => {
    assert.throws(() => Miqro.import("/none/miqro.json"), /there is no \/none\/miqro\.json/);
    assert.throws(
      () => Miqro.import({ services: "app", prot: 1 }),
      (error: Error) => /"services"/.test(error.message) && /"prot".*"port"/.test(error.message),
    );
    assert.throws(() => Miqro.import({}), /no service/);
    assert.throws(() => Miqro.import(null as never), /or an object such as .*, not null/);
  });
});

describe("req.server", () => {
  it("is whole, and frozen in depth", async () => {
    const members = ["cache", "db", "encodeHTML", "getLogger", "getWorkerCount", "getWorkerNumber"];
    members.push("inflateMDtoHTML", "isPrimaryWorker", "jwt", "localCache", "middleware", "newClusterCache");
    members.push(
      "newLocalCache",
      "newParser",
      "openBrowser",
      "relay",
      "reload",
      "restart",
      "stop",
      "url",
      "ws",
    );
    await using server = await startServices({
      "app/http/x.api.js": `export default ({ server }) => ({
        members: Object.keys(server).sort(),
        inner: ["db", "ws", "middleware", "jwt"].map((key) => Object.keys(server[key]).sort().join()),
        frozen: [server, server.db, server.ws, server.middleware, server.jwt].every(Object.isFrozen),
        url: server.url,
      });`,
    });
    const answer = (await (await fetch(`${server.url}/x`)).json()) as Record<string, unknown>;
    assert.deepEqual(answer, {
      members,
      inner: [
        "get,getMigrations,migrate",
        "disconnectAll,get",
        "buffer,cors,json,session,text,url",
        "decode,sign,verify",
      ],
      frozen: true,
      url: server.url,
    });
  });

  it("opens pages only, in the browser of the system", async () => {
    await using server = await startServices({
      "app/http/x.api.js": `export default async ({ server, query }) => {
        await server.openBrowser(query.url);
        return "opened";
      };`,
    });
    const folder = join(server.project.path, "bin");
    await mkdir(folder);
    const opened = join(server.project.path, "opened");
    await writeFile(
      join(folder, "xdg-open"),
      `#!/bin/sh\nprintf %s "$1" > ${opened}.part && mv ${opened}.part ${opened}\n`,
      { mode: 0o755 },
    );
    const { PATH } = process.env;
    process.env.PATH = `${folder}:${PATH}`;
    try {
      for (const url of ["file:///etc/passwd", "/x", "javascript:1"]) {
        assert.equal((await fetch(`${server.url}/x?url=${encodeURIComponent(url)}`)).status, 500);
      }
      if (process.platform !== "linux") return;
      const { watch } = await import("node:fs");
      const { readFile } = await import("node:fs/promises");
      const watcher = watch(server.project.path, { signal: AbortSignal.timeout(20_000) });
      const isThere = new Promise<void>((resolve, reject) => {
        watcher.on("change", (_event, name) => name === "opened" && resolve()).on("error", reject);
      });
      assert.equal(await (await fetch(`${server.url}/x`)).text(), "opened");
      await isThere;
      watcher.close();
      assert.equal(await readFile(opened, "utf8"), `${server.url}/`);
    } finally {
      process.env.PATH = PATH;
    }
  });
});
