import assert from "node:assert/strict";
import { once } from "node:events";
import { request } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterEach, describe, it } from "node:test";
import { Miqro } from "miqro";
import { createProject, type Project } from "./support/project.js";

let project: Project | undefined;
let miqro: Miqro | undefined;
afterEach(async () => {
  await miqro?.stop({ drainIdle: 0, timeout: 1 });
  await project?.remove();
  miqro = undefined;
});

async function start(files: Readonly<Record<string, string>>): Promise<string> {
  project = await createProject(files);
  miqro = new Miqro({ services: join(project.path, "app"), port: 0, host: "127.0.0.1" });
  return `http://127.0.0.1:${((await miqro.start()) as AddressInfo).port}`;
}

const head = `import JSX, { Suspense, useErrorBoundary } from "@miqro/jsx";
  const h = JSX.createElement;
  const turns = async (count = 5) => { for (let i = 0; i < count; i++) await new Promise((done) => setImmediate(done)); };
  const Late = async ({ children }) => { await turns(); return children; };
  const Broken = async () => { await turns(); throw new Error("no luck"); };
  globalThis.gates ??= new Map();
  const Gate = ({ name }) => new Promise((open, close) => globalThis.gates.set(name, { open, close }));
`;
const page = (body: string) => `${head} export default (req, res) => ${body};`;
const gate = (name: string) =>
  (
    globalThis as { gates?: Map<string, { open(node: unknown): void; close(error: unknown): void }> }
  ).gates?.get(name);

interface Case {
  readonly title: string;
  readonly page: string;
  readonly status?: number;
  readonly html: RegExp;
}

const cases: readonly Case[] = [
  {
    title: "an async component",
    page: page("h('p', null, h(Late, null, 'x', req.path))"),
    html: /^<!DOCTYPE html><p>x\/a\.html<\/p>$/,
  },
  {
    title: "a promise among children",
    page: page("h('p', null, Promise.resolve('x'))"),
    html: /^<!DOCTYPE html><p>x<\/p>$/,
  },
  {
    title: "an async page with an async component",
    page: `${head} export default async () => h('p', null, h(Late, null, 'x'));`,
    html: /<p>x<\/p>/,
  },
  {
    title: "an element that is exported",
    page: `${head} export default h('p', null, h(Late, null, 'x'));`,
    html: /<p>x<\/p>/,
  },
  {
    title: "async components in each other",
    page: page("h(Late, null, 'a', h(Late, null, 'b', h(Late, null, 'c')))"),
    html: /html>abc$/,
  },
  {
    title: "a status that the page sets",
    page: page("(res.statusCode = 202, h(Late, null, 'x'))"),
    status: 202,
    html: /x/,
  },
  {
    title: "a Suspense that need not wait",
    page: page("h(Suspense, { fallback: 'wait' }, 'now')"),
    html: /^<!DOCTYPE html>now$/,
  },
  {
    title: "a Suspense that waits",
    page: page("h('body', null, h(Suspense, { fallback: 'wait' }, h(Late, null, 'late')))"),
    html: /wait.*late.*<script>/,
  },
  {
    title: "a Suspense under a policy without inline scripts",
    page: page(
      "(res.setHeader('Content-Security-Policy', \"script-src 'self'\"), h('body', null, h(Suspense, { fallback: 'wait' }, h(Late, null, 'late'))))",
    ),
    html: /^<!DOCTYPE html><body>late<\/body>$/,
  },
  {
    title: "a Suspense under a policy with a nonce",
    page: page(
      "(res.setHeader('Content-Security-Policy', \"script-src 'nonce-abc'\"), h('body', null, h(Suspense, { fallback: 'wait' }, h(Late, null, 'late'))))",
    ),
    html: /wait.*late.*<script nonce="abc">/,
  },
  {
    title: "a Suspense that fails",
    page: page("h('body', null, h(Suspense, { fallback: 'sorry' }, h(Broken)))"),
    html: /sorry/,
  },
  {
    title: "an async component that fails",
    page: page("h('p', null, 'x'.repeat(200000), h(Broken))"),
    status: 500,
    html: /INTERNAL_ERROR/,
  },
  {
    title: "a component that fails beside an async one",
    page: page("h('p', null, h(Late, null, 'x'), h(() => { throw new Error('now'); }))"),
    status: 500,
    html: /INTERNAL_ERROR/,
  },
  {
    title: "a page of many chunks",
    page: page("h('p', null, h(Late, null, 'x'.repeat(300000)))"),
    html: /^<!DOCTYPE html><p>x{300000}<\/p>$/,
  },
];

describe("a page", () => {
  for (const { title, page, status = 200, html } of cases) {
    it(`answers with ${title}, again and again`, async () => {
      const url = await start({ "app/http/a.html.js": page });
      for (let i = 0; i < 2; i++) {
        const answer = await fetch(`${url}/a.html`);
        assert.equal(answer.status, status);
        if (status < 400) assert.equal(answer.headers.get("content-type"), "text/html; charset=utf-8");
        assert.match(await answer.text(), html);
      }
      const asked = await fetch(`${url}/a.html`, { method: "HEAD" });
      assert.equal(await asked.text(), "");
    });
  }

  it("is sent without what a Suspense waits for, which follows", async () => {
    const url = await start({
      "app/http/a.html.js": page(
        "h('body', null, h(Gate, { name: 'shell' }), h(Suspense, { fallback: 'wait' }, h(Gate, { name: 'late' })), 'end')",
      ),
    });
    const asked = request(`${url}/a.html`, { agent: false });
    asked.end();
    const answered = once(asked, "response");
    while (gate("late") === undefined) await new Promise((done) => setImmediate(done));
    gate("shell")?.open("SHELL");
    const [res] = (await answered) as [import("node:http").IncomingMessage];
    const [first] = (await once(res.setEncoding("utf8"), "data")) as [string];
    assert.match(first, /^<!DOCTYPE html><body>SHELL.*wait.*end/);
    gate("late")?.open("LATE");
    assert.match(await text(res), /LATE/);
  });

  it("goes to catch.ts when a part of it fails that is in no Suspense", async () => {
    const url = await start({
      "app/catch.js":
        "export default { catch: (err, req, res) => res.html('caught ' + err.message, {}, 503) };",
      "app/http/a.html.js": page(
        "h('p', null, h(Suspense, { fallback: 'wait' }, h(Late, null, 'x')), h(Broken))",
      ),
    });
    const answer = await fetch(`${url}/a.html`);
    assert.deepEqual([answer.status, await answer.text()], [503, "caught no luck"]);
  });

  it("stops when the client goes away", async () => {
    const url = await start({
      "app/http/a.html.js": page(
        "(res.on('close', () => { globalThis.closed?.(); }), h('p', null, 'x', h(Suspense, { fallback: 'wait' }, h(Gate, { name: 'never' }))))",
      ),
      "app/http/b.api.js": "export default () => 'still here';",
    });
    const closed = new Promise<void>((done) => Object.assign(globalThis, { closed: done }));
    const asked = request(`${url}/a.html`, { agent: false });
    asked.on("error", () => {});
    asked.end();
    const [res] = (await once(asked, "response")) as [import("node:http").IncomingMessage];
    await once(res, "data");
    asked.destroy();
    await closed;
    gate("never")?.close(new Error("nobody waits"));
    assert.equal(await (await fetch(`${url}/b`)).text(), "still here");
  });

  it("can be what nothing answered", async () => {
    const url = await start({ "app/http/404.html.js": page("h('p', null, h(Late, null, 'nothing'))") });
    const answer = await fetch(`${url}/no`);
    assert.deepEqual([answer.status, await answer.text()], [404, "<!DOCTYPE html><p>nothing</p>"]);
  });
});

describe("an element that an API route returns", () => {
  it("is rendered as a whole", async () => {
    const url = await start({
      "app/http/a.api.js": `${head} export default () => h('p', null, h(Suspense, { fallback: 'wait' }, h(Late, null, 'x')), h(Late, null, 'y'));`,
    });
    const answer = await fetch(`${url}/a`);
    assert.equal(answer.headers.get("content-type"), "text/html; charset=utf-8");
    assert.match(await answer.text(), /^<p>xy<\/p>$/);
  });
});
