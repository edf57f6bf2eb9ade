import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { startServices } from "./support/start-services.js";

const page = (text: string, options = "") =>
  `import JSX from "@miqro/jsx"; ${options} export default (req) => JSX.createElement("p", null, "${text}", req.params.id);`;
const api = (text: string) => `export default () => "${text}";`;

async function read(url: string): Promise<[status: number, text: string]> {
  const answer = await fetch(url, { redirect: "manual" });
  return [
    answer.status,
    answer.headers.get("location") ?? (await answer.text()).replace("<!DOCTYPE html>", ""),
  ];
}

describe("index.html.tsx", () => {
  it("answers its folder as well, as the index of static files does", async () => {
    await using server = await startServices({
      "app/http/index.html.js": page("home"),
      "app/http/posts/index.html.js": page("posts"),
      "app/http/users/[id]/index.html.js": page("user "),
      "app/http/docs/index.html.md": "# Docs",
    });
    const rows: [path: string, status: number, text: string][] = [
      ["/", 200, "<p>home</p>"],
      ["/index.html", 200, "<p>home</p>"],
      ["/posts/", 200, "<p>posts</p>"],
      ["/posts/index.html", 200, "<p>posts</p>"],
      ["/posts", 301, "/posts/"],
      ["/posts?a=1&b=//x", 301, "/posts/?a=1&b=//x"],
      ["//posts", 301, "/posts/"],
      ["/users/7/", 200, "<p>user 7</p>"],
      ["/users/a%20b", 301, "/users/a%20b/"],
    ];
    for (const [path, status, text] of rows) {
      assert.deepEqual(await read(server.url + path), [status, text], path);
    }
    assert.match((await read(`${server.url}/docs/`))[1], /<h1 id="docs">Docs<\/h1>/);
  });

  it("leaves the folder to any other file that answers it, and to a path of its own", async () => {
    await using server = await startServices({
      "app/http/posts.api.js": api("api"),
      "app/http/posts/index.html.js": page("posts"),
      "app/http/site/index.html.js": page("site"),
      "app/static/site/index.html": "static",
      "app/http/own/index.html.js": page("own", 'export const apiOptions = { path: "/x" };'),
    });
    assert.deepEqual(await read(`${server.url}/posts`), [200, "api"]);
    assert.deepEqual(await read(`${server.url}/posts/index.html`), [200, "<p>posts</p>"]);
    assert.deepEqual(await read(`${server.url}/site/`), [200, "static"]);
    assert.deepEqual(await read(`${server.url}/own/x`), [200, "<p>own</p>"]);
    assert.equal((await read(`${server.url}/own/`))[0], 404);
  });

  it("keeps the policy of its page, and its methods", async () => {
    await using server = await startServices({
      "app/auth.js": "export default { required: false, verify: () => null };",
      "app/http/a/index.html.js": page("a", 'export const apiOptions = { policy: { groups: ["g"] } };'),
      "app/http/b/index.html.js": page("b", 'export const apiOptions = { method: "POST" };'),
    });
    assert.equal((await read(`${server.url}/a`))[0], 401);
    assert.equal((await read(`${server.url}/b/`))[0], 405);
    assert.equal((await fetch(`${server.url}/b`, { method: "POST" })).status, 200);
  });
});

describe("a page under SecurityHeaders", () => {
  it("has the nonce of its answer in the scripts and styles that it writes, and in those that are written for it", async () => {
    await using server = await startServices({
      "app/middleware.js":
        'import { SecurityHeaders } from "@miqro/core"; export default { middleware: SecurityHeaders() };',
      "app/http/late.html.js": `import JSX, { Suspense } from "@miqro/jsx";
        const h = JSX.createElement;
        const Late = async () => { await new Promise(setImmediate); return "late"; };
        export default (req, res) => h("body", null,
          h("style", { nonce: res.cspNonce }, "p { color: red }"),
          h("script", { nonce: res.cspNonce }, "let x"),
          h(Suspense, { fallback: "wait" }, h(Late)));`,
      "app/http/unread.html.js": `import JSX, { Suspense } from "@miqro/jsx";
        const h = JSX.createElement;
        const Late = async () => { await new Promise(setImmediate); return "late"; };
        export default h("body", null, h(Suspense, { fallback: "wait" }, h(Late)));`,
    });
    for (const [path, count] of [
      ["/late.html", 3],
      ["/unread.html", 1],
    ] as const) {
      const answer = await fetch(server.url + path);
      const policy = answer.headers.get("content-security-policy") ?? "";
      const nonces = [...policy.matchAll(/'nonce-([^']+)'/g)].map(([, nonce]) => nonce);
      assert.equal(new Set(nonces).size, 1, policy);
      const html = await answer.text();
      assert.match(html, /wait.*late/);
      const own = [...html.matchAll(/<(?:script|style) nonce="([^"]+)"/g)].map(([, nonce]) => nonce);
      assert.deepEqual(own, Array(own.length).fill(nonces[0]));
      assert.ok(own.length >= count, html);
      assert.doesNotMatch(html, /<(?:script|style)>/);
    }
  });
});

describe("a page with a declaration", () => {
  const form = `import JSX from "@miqro/jsx";
    import { defineRoute, URLEncodedParser } from "miqro";
    export default defineRoute({
      method: ["GET", "POST"],
      path: "/write",
      middleware: URLEncodedParser(),
      request: { body: { title: { type: "string", minLength: 1, maxLength: 5 } }, invalid: "pass" },
      handler: (req, res) => {
        if (req.problem === undefined && req.body !== undefined) return res.redirect("/done", {}, 303);
        const issue = req.problem?.issues.find(({ path }) => path === "body.title");
        return JSX.createElement("form", { method: "post" },
          JSX.createElement("input", { name: "title", value: req.body?.title ?? "" }),
          JSX.createElement("p", null, issue?.message ?? "none"));
      },
    });`;

  it("shows its form, shows it again with what is wrong, and goes on when all is well", async () => {
    await using server = await startServices({ "app/http/write.html.js": form });
    const url = `${server.url}/write`;
    const send = async (title: string) => {
      const answer = await fetch(url, {
        method: "POST",
        body: new URLSearchParams({ title }),
        redirect: "manual",
      });
      return [answer.status, answer.headers.get("location") ?? (await answer.text())] as const;
    };
    const first = await fetch(url);
    assert.equal(first.status, 200);
    assert.equal(first.headers.get("content-type"), "text/html; charset=utf-8");
    assert.match(await first.text(), /^<!DOCTYPE html><form method="post">.*<p>none<\/p>/);
    const [status, text] = await send("too long <b>");
    assert.equal(status, 400);
    assert.match(text, /value="too long &lt;b&gt;".*<p>.*5.*<\/p>/);
    assert.deepEqual(await send("short"), [303, "/done"]);
  });

  it("is checked as that of an API is", async () => {
    const files = { "app/http/x.html.js": 'export default { methd: "POST", handler: () => 1 };' };
    await assert.rejects(startServices(files), /x\.html\.js: .*"methd"/);
    const notFound = { "app/http/404.html.js": 'export default { path: "/x", handler: () => 1 };' };
    await assert.rejects(
      startServices(notFound),
      /a declaration changes nothing\. Export its handler alone\./,
    );
  });
});
