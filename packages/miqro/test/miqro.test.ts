import assert from "node:assert/strict";
import { once } from "node:events";
import { symlink } from "node:fs/promises";
import { isBuiltin } from "node:module";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterEach, describe, it } from "node:test";
import { Miqro, type StartError } from "miqro";
import { createProject, type Project } from "./support/project.js";

const needs = (feature: boolean, version: string) =>
  feature ? false : `Node.js ${version} or newer is needed`;
const withoutSqlite = needs(isBuiltin("node:sqlite"), "22.13");
const withoutWebSocket = needs("WebSocket" in globalThis, "22");

let project: Project | undefined;
let miqro: Miqro | undefined;
afterEach(async () => {
  await miqro?.stop({ drainIdle: 0 });
  await project?.remove();
  miqro = undefined;
  project = undefined;
});

async function start(files: Readonly<Record<string, string>>, ...services: string[]): Promise<string> {
  project = await createProject(files);
  const { path } = project;
  miqro = new Miqro({ services: services.map((one) => join(path, one)), port: 0, host: "127.0.0.1" });
  return `http://127.0.0.1:${((await miqro.start()) as AddressInfo).port}`;
}

async function problemsOf(files: Readonly<Record<string, string>>, ...services: string[]): Promise<string[]> {
  await assert.rejects(start(files, ...services), { name: "StartError" });
  return start(files, ...services).catch((error: StartError) =>
    error.problems.map(({ file, message }) => `${file.slice(project?.path.length)}: ${message}`),
  ) as Promise<string[]>;
}

const text = async (url: string) => (await fetch(url)).text();

describe("Miqro", () => {
  it("tries services in their order, each with its own middleware and routes", async () => {
    const trace = (name: string) =>
      `export default { middleware: (req) => { (req.trace ??= []).push("${name}"); } };`;
    const url = await start(
      {
        "a/middleware.js": trace("a"),
        "a/http/a.api.js": "export default (req) => req.trace;",
        "a/http/both.api.js": "export default () => 'a';",
        "b/middleware.js": trace("b"),
        "b/http/b.api.js": "export default (req) => req.trace;",
        "b/http/both.api.js": "export default () => 'b';",
      },
      "a",
      "b",
    );
    assert.equal(await text(`${url}/a`), '["a"]');
    assert.equal(await text(`${url}/b`), '["a","b"]');
    assert.equal(await text(`${url}/both`), "a");
    assert.equal((await fetch(`${url}/none`)).status, 404);
  });

  it("lets a service that refuses end the request before the next one", async () => {
    const url = await start(
      {
        "a/auth.js":
          "export default { verify: ({ token }) => token === 'good' ? { account: 'x', username: 'u', groups: [] } : null };",
        "b/http/page.api.js": "export default (req) => req.session.account;",
        "b/static/file.txt": "secret",
      },
      "a",
      "b",
    );
    assert.equal((await fetch(`${url}/page`)).status, 401);
    assert.equal((await fetch(`${url}/file.txt`)).status, 401);
    const answer = await fetch(`${url}/page`, { headers: { authorization: "Bearer good" } });
    assert.equal(await answer.text(), "x");
  });

  it("reads paths from names, and from options relative to the folder", async () => {
    const url = await start(
      {
        "app/http/users/[id].api.js": "export default (req) => req.params.id;",
        "app/http/files/[...rest].api.js": "export default (req) => req.params['*'];",
        "app/http/posts/list.api.js":
          "export const apiOptions = { path: ['/', 'all'] }; export default () => 'list';",
        "app/http/v.json.js": "export default { v: 1 };",
        "app/http/f.json.js": "export default async (req) => req.query;",
      },
      "app",
    );
    assert.equal(await text(`${url}/users/7`), "7");
    assert.equal(await text(`${url}/files/a/b`), "a/b");
    assert.equal(await text(`${url}/posts`), "list");
    assert.equal(await text(`${url}/posts/all`), "list");
    assert.equal((await fetch(`${url}/posts/list`)).status, 404);
    assert.deepEqual(await (await fetch(`${url}/v.json`)).json(), { v: 1 });
    assert.deepEqual(await (await fetch(`${url}/f.json?a=1`)).json(), { a: "1" });
  });

  it("mounts a router that a file exports, at and below its path", async () => {
    const url = await start(
      {
        "app/http/admin.api.js": `import { Router } from "@miqro/core";
          const router = new Router();
          router.use((req, res) => { res.setHeader("x-admin", "1"); });
          router.get("/users", () => "users");
          export default { path: "/admin", method: "use", handler: router };`,
        "app/http/all.api.js": "export default { path: null, method: 'post', handler: (req) => req.path };",
      },
      "app",
    );
    const answer = await fetch(`${url}/admin/users`);
    assert.deepEqual([await answer.text(), answer.headers.get("x-admin")], ["users", "1"]);
    assert.equal(await (await fetch(`${url}/any/where`, { method: "POST" })).text(), "/any/where");
    assert.equal(await (await fetch(`${url}/`, { method: "POST" })).text(), "/");
  });

  it("answers routes in http/.well-known", async () => {
    const url = await start(
      {
        "app/http/.well-known/security.json.js": "export default { contact: 'a@b.example' };",
        "app/http/.git/config.json.js": "export default {};",
        "app/http/docs/.well-known/x.json.js": "export default {};",
      },
      "app",
    );
    assert.equal((await fetch(`${url}/.well-known/security.json`)).status, 200);
    assert.equal((await fetch(`${url}/.git/config.json`)).status, 404);
    assert.equal((await fetch(`${url}/docs/.well-known/x.json`)).status, 404);
  });

  it("serves other files below http/ as they are, and none that are private", async () => {
    const url = await start(
      {
        "app/http/robots.txt": "User-agent: *",
        "app/http/img/a b.svg": "<svg/>",
        "app/http/helper.js": "export {};",
        "app/http/_draft/page.txt": "draft",
        "app/http/.env": "SECRET=1",
        "app/http/x.test.js": "",
        "app/http/data.sqlite3": "rows",
      },
      "app",
    );
    assert.equal(await text(`${url}/robots.txt`), "User-agent: *");
    assert.equal(
      (await fetch(`${url}/img/a%20b.svg`)).headers.get("content-type"),
      "image/svg+xml; charset=utf-8",
    );
    for (const path of ["helper.js", "_draft/page.txt", ".env", "x.test.js", "data.sqlite3", "img", "img/"]) {
      assert.equal((await fetch(`${url}/${path}`)).status, 404, path);
    }
    assert.equal((await fetch(`${url}/robots.txt`, { method: "POST" })).status, 405);
  });

  it("takes parameters from names of every kind, with their endings", async () => {
    const url = await start(
      {
        "app/http/[id].html.js": `import JSX from "@miqro/jsx"; export default (req) => JSX.createElement("p", null, req.params.id);`,
        "app/http/[id].json.js": "export default (req) => req.params;",
        "app/http/[id].api.js": "export default (req) => 'api ' + req.params.id;",
        "app/http/later.json.js": "export default Promise.resolve({ v: 1 });",
      },
      "app",
    );
    assert.equal(await text(`${url}/7.html`), "<!DOCTYPE html><p>7</p>");
    assert.equal(await text(`${url}/7.json`), '{"id":"7"}');
    assert.equal(await text(`${url}/7`), "api 7");
    assert.equal(await text(`${url}/.html`), "api .html");
    assert.equal(await text(`${url}/later.json`), '{"v":1}');
  });

  it("renders pages, with the status that the handler set", async () => {
    const url = await start(
      {
        "app/http/a.html.js": `import JSX from "@miqro/jsx";
          export default (req, res) => { res.statusCode = 410; return JSX.createElement("p", null, "<gone>"); };`,
        "app/http/b.html.js": `import JSX from "@miqro/jsx"; export default JSX.createElement("html", { lang: "en" });`,
      },
      "app",
    );
    const gone = await fetch(`${url}/a.html`);
    assert.deepEqual([gone.status, await gone.text()], [410, "<!DOCTYPE html><p>&lt;gone&gt;</p>"]);
    assert.equal(await text(`${url}/b.html`), '<!DOCTYPE html><html lang="en"></html>');
  });

  it("renders pages at the URL of the request, with the elements that are defined on the server", async () => {
    const url = await start(
      {
        "app/elements.js": `import JSX, { usePathname } from "@miqro/jsx"; import { define } from "@miqro/jsx-dom";
          define("page-place", () => JSX.createElement("b", null, usePathname()), { shadowInit: false });`,
        "app/http/[...rest].html.js": `import JSX, { Link, Router, useQuery } from "@miqro/jsx"; import "../elements.js";
          const Shop = () => JSX.createElement("p", null, useQuery("q", "none")[0]);
          export default () => JSX.createElement("main", null,
            JSX.createElement(Link, { href: "/shop/a.html" }, "shop"),
            JSX.createElement(Router, { routes: { "/shop/:id": Shop, "*": () => "nothing" } }),
            JSX.createElement("page-place"));`,
        "app/http/text.api.js": `import JSX, { usePathname } from "@miqro/jsx"; const Place = () => usePathname();
          export default () => JSX.createElement("p", null, JSX.createElement(Place));`,
      },
      "app",
    );
    const page = await text(`${url}/shop/a.html?q=%3Cx%3E`);
    assert.match(page, /<a aria-current="page" href="\/shop\/a.html">shop<\/a>/);
    assert.match(page, /<p>&lt;x&gt;<\/p>/);
    assert.match(page, /<page-place><!--.*--><b>\/shop\/a.html<\/b><\/page-place>/);
    assert.match(await text(`${url}/other.html`), /<a href="\/shop\/a.html">.*nothing/);
    assert.match(await text(`${url}/text?a`), /<p>\/text<\/p>/);
  });

  it("runs hooks around the life of the server, with the databases connected from load on", {
    skip: withoutSqlite,
  }, async () => {
    (globalThis as { hooks?: string[] }).hooks = [];
    const hook = (name: string) =>
      `${name}: (server) => { globalThis.hooks.push("${name} " + server.db.get("m")?.status); }`;
    await start(
      {
        "app/db.js": "export default { dialect: 'node:sqlite', name: 'm', storage: ':memory:' };",
        "app/server.js": `export default { ${["preload", "load", "start", "unload", "stop"].map(hook).join(", ")} };`,
      },
      "app",
    );
    await miqro?.stop();
    assert.deepEqual((globalThis as { hooks?: string[] }).hooks, [
      "preload disconnected",
      "load connected",
      "start connected",
      "unload connected",
      "stop connected",
    ]);
  });

  it("undoes what was begun when a hook throws, and names the hook", { skip: withoutSqlite }, async () => {
    const files = {
      "app/db.js": "export default { dialect: 'node:sqlite', name: 'm', storage: ':memory:' };",
      "app/server.js":
        "export default { load: (server) => { globalThis.db = server.db.get('m'); throw new Error('no config'); } };",
    };
    const [problem] = await problemsOf(files, "app");
    assert.match(problem ?? "", /^\/app\/server\.js: its load hook failed: no config \(.*server\.js:1/);
    assert.equal((globalThis as { db?: { status: string } }).db?.status, "disconnected");
  });

  it("stops when a handler asks for it, after that handler's answer", async () => {
    const url = await start(
      { "app/http/end.api.js": "export default (req) => { req.server.stop(); return 'bye'; };" },
      "app",
    );
    assert.equal(await text(`${url}/end`), "bye");
    await miqro?.stopped();
    await assert.rejects(fetch(`${url}/end`));
  });

  it("can be started again, but not twice at once", async () => {
    await start({ "app/http/a.api.js": "export default () => 'a';" }, "app");
    await assert.rejects(miqro?.start() ?? Promise.resolve(), {
      code: "MIQRO_STATE",
      message: /running already/,
    });
    await miqro?.stop();
    await miqro?.start();
  });

  it("runs post after the answer, for services that were entered", async () => {
    const seen: string[] = [];
    Object.assign(globalThis, { seen });
    const url = await start(
      {
        "a/http/a.api.js": "export default () => 'a';",
        "a/middleware.js":
          "export default { post: [(req, res) => { seen.push('a ' + res.statusCode); globalThis.seenA?.(); }] };",
        "b/middleware.js": "export default { post: () => { seen.push('b'); } };",
      },
      "a",
      "b",
    );
    const ran = new Promise<void>((resolve) => Object.assign(globalThis, { seenA: resolve }));
    await text(`${url}/a`);
    await ran;
    assert.deepEqual(seen, ["a 200"]);
  });

  it("lets WebSocket clients of an entered service in, and only those", {
    skip: withoutWebSocket,
  }, async () => {
    const url = await start(
      {
        "a/auth.js":
          "export default { tokenLocation: 'query', verify: ({ token }) => token === 'good' ? { account: 'x', username: 'u', groups: [] } : null };",
        "b/ws.js":
          "export default { path: '/updates', onMessage: (client, data) => client.send(client.session.account + data) };",
      },
      "a",
      "b",
    );
    const refused = new WebSocket(`${url.replace("http", "ws")}/updates?token=bad`);
    await once(refused, "error");
    const socket = new WebSocket(`${url.replace("http", "ws")}/updates?token=good`);
    await once(socket, "open");
    socket.send("!");
    const [{ data }] = (await once(socket, "message")) as [MessageEvent];
    assert.equal(data, "x!");
    const closed = once(socket, "close") as Promise<[CloseEvent]>;
    await miqro?.stop({ replaced: true, drainIdle: 0 });
    assert.equal((await closed)[0].code, 1012);
  });

  describe("tells everything that is wrong at once", () => {
    it("over files and services", async () => {
      const problems = await problemsOf(
        {
          "a/db.js": "export default { dialect: 'node:sqlite', nme: 'x', storage: 7 };",
          "a/http/x.api.js": "export default { methd: 'GET', handler: () => 1 };",
          "b/ws.js": "export default { path: 1 };",
          "b/migration/001_x.js": "export default { down: () => {} };",
        },
        "a",
        "b",
      );
      assert.equal(problems.length, 5, problems.join("\n"));
      assert.match(problems[0] ?? "", /^\/a\/db\.js: .* unknown option "nme"; did you mean "name"/);
      assert.match(
        problems[1] ?? "",
        /^\/a\/db\.js: storage must be the path of a file or ":memory:", but 7 was given/,
      );
      assert.match(problems[2] ?? "", /^\/a\/http\/x\.api\.js: .*"methd".*"method"/);
      assert.match(problems[3] ?? "", /^\/b\/ws\.js: .*`path` that begins with a slash/);
      assert.match(problems[4] ?? "", /^\/b\/migration\/001_x\.js: "up" .* must be function/);
    });

    it("inside of declarations too, and by the file that holds them", async () => {
      const problems = await problemsOf(
        {
          "app/auth.js": "export default {};",
          "app/http/a.api.js": "export default { request: { bdy: {} }, handler: () => 1 };",
          "app/http/b.api.js": "export default { method: 5, handler: () => 1 };",
          "app/http/c.api.js": "export const apiOptions = { handler: () => 1 }; export default () => 1;",
          "app/http/d.api.js": "export default { policy: { group: ['a'] }, handler: () => 1 };",
          "app/http/e.api.js": "export default new Proxy({}, { ownKeys() { throw Object.create(null); } });",
          "app/ws.js": "export default { path: '/x', maxConnections: -1, orgins: 'x', maxPayload: '1' };",
        },
        "app",
      );
      const expected = [
        /auth\.js: .*`verify/,
        /ws\.js: "maxConnections" of a WebSocket server must be/,
        /ws\.js: .* has no "orgins"\. .*"origins"/,
        /ws\.js: "maxPayload" of a WebSocket server must be/,
        /a\.api\.js: .* has no "bdy"\. .*"body"/,
        /b\.api\.js: "method" of .* must be .*, not 5/,
        /c\.api\.js: unknown key "handler" in apiOptions/,
        /d\.api\.js: .* has no "group"\. .*"groups"/,
        /d\.api\.js: A policy needs an array of `groups`/,
        /e\.api\.js: what it exports cannot be read/,
      ];
      assert.equal(problems.length, expected.length, problems.join("\n"));
      for (const pattern of expected)
        assert.ok(
          problems.some((problem) => pattern.test(problem)),
          String(pattern),
        );
    });

    it("of what is refused when it is registered, by the file that asks for it", async () => {
      const problems = await problemsOf(
        {
          "app/auth.js": "export default {};",
          "app/http/a.api.js": "export default { method: 'FOO BAR', handler: () => 1 };",
          "app/http/b.api.js": "export default { request: { body: 'strnig' }, handler: () => 1 };",
        },
        "app",
      );
      assert.deepEqual(
        problems.map((problem) => problem.split(":")[0]),
        ["/app/auth.js", "/app/http/a.api.js", "/app/http/b.api.js"],
        problems.join("\n"),
      );
    });

    it("of a database that would silently be another one", async () => {
      const [problem] = await problemsOf(
        { "app/db.js": "export default { name: 'd', url: 'postgres://x' };" },
        "app",
      );
      assert.match(problem ?? "", /^\/app\/db\.js: url is for a server/);
    });

    it("of a promise that is rejected, and of declarations that are none", async () => {
      const problems = await problemsOf(
        {
          "app/http/a.json.js": "export default Promise.reject(new Error('no value'));",
          "app/http/b.api.js": "export default 5;",
          "app/http/c.api.js": "export default [];",
          "app/http/d.api.js": "export default { path: [], handler: () => 1 };",
          "app/http/e.api.js": "export default { path: 7, handler: () => 1 };",
          "app/http/f.html.js": "export const apiOptions = 'GET'; export default () => 1;",
          "app/http/g.api.js": "export default { request: { body: 'strnig' } };",
        },
        "app",
      );
      const expected = [
        /a\.json\.js: the promise that it exports was rejected: no value/,
        /b\.api\.js: .*object with a `handler`/,
        /c\.api\.js: .*object with a `handler`/,
        /d\.api\.js: .*at least one/,
        /e\.api\.js: "path" of .*, not 7/,
        /f\.html\.js: apiOptions must be an object/,
        /g\.api\.js: .*"strnig"/,
        /g\.api\.js: A handler must be a function/,
      ];
      assert.equal(problems.length, expected.length, problems.join("\n"));
      for (const [index, pattern] of expected.entries()) assert.match(problems[index] ?? "", pattern);
    });

    it("of every option of a database and a socket that the packages know, and takes those", {
      skip: withoutSqlite,
    }, async () => {
      await start(
        {
          "app/db.js":
            "export default { name: 'd', storage: ':memory:', lockTimeout: 10, statementCache: 5, bigint: 'string', pool: { max: 2 } };",
          "app/ws.js":
            "export default { path: '/x', maxConnections: 0, maxBuffered: 10, origins: ['https://a.example'] };",
        },
        "app",
      );
    });

    it("of links that lead in circles", async () => {
      project = await createProject({ "app/http/a.api.js": "export default () => 1;" });
      await symlink(".", join(project.path, "app/http/x"));
      await symlink(".", join(project.path, "app/http/y"));
      const looping = new Miqro({ services: join(project.path, "app") });
      await assert.rejects(looping.start(), /http\/x: it is a link to .*, which contains the link/);
    });

    it("two files that answer the same requests", async () => {
      const files = {
        "app/http/x/[id].api.js": "export default () => 1;",
        "app/http/y.api.js": "export const apiOptions = { path: 'x/:name/' }; export default () => 2;",
      };
      const [problem] = await problemsOf(files, "app");
      assert.match(problem ?? "", /\[id\]\.api\.js: .*y\.api\.js answers GET \/x\/:id as well/);
    });

    it("databases and sockets of one name in two services", async () => {
      const db = "export default { dialect: 'node:sqlite', name: 'm', storage: ':memory:' };";
      const [database] = await problemsOf({ "a/db.js": db, "b/db.js": db }, "a", "b");
      assert.match(database ?? "", /^\/b\/db\.js: the database "m" exists already/);
      const [socket] = await problemsOf(
        { "a/ws.js": "export default { path: '/x' };", "b/ws.js": "export default { path: '/x/' };" },
        "a",
        "b",
      );
      assert.match(socket ?? "", /^\/b\/ws\.js: there is already a WebSocket at "\/x\/"/);
    });

    it("a migration without a database", async () => {
      const [problem] = await problemsOf(
        { "app/migration/001_x.js": "export default { up: () => {} };" },
        "app",
      );
      assert.match(problem ?? "", /001_x\.js: it has no "dbName"/);
    });
  });

  it("refuses folders that are no services", async () => {
    await assert.rejects(start({ "app/htttp/x.api.js": "" }, "app"), {
      code: "MIQRO_ARGUMENT",
      message: /is its folder "htttp" meant to be "http"\?/,
    });
    await assert.rejects(start({}, "gone"), { code: "MIQRO_ARGUMENT", message: /does not exist/ });
    await assert.rejects(start({ app: "a file" }, "app"), {
      code: "MIQRO_ARGUMENT",
      message: /is not a folder/,
    });
  });

  it("refuses options that cannot be", () => {
    assert.throws(() => new Miqro({ services: [] }), { code: "MIQRO_ARGUMENT" });
    assert.throws(() => new Miqro({ services: "app/", port: "eighty" }), {
      code: "MIQRO_ARGUMENT",
      message: /"eighty"/,
    });
  });
});
