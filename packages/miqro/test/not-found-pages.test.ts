import assert from "node:assert/strict";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterEach, describe, it } from "node:test";
import { Miqro, type StartError } from "miqro";
import { createProject, type Project } from "./support/project.js";

let project: Project | undefined;
let miqro: Miqro | undefined;
afterEach(async () => {
  await miqro?.stop({ drainIdle: 0 });
  await project?.remove();
  miqro = undefined;
});

type Files = Readonly<Record<string, string>>;

async function start(files: Files, services: readonly string[]): Promise<string> {
  project = await createProject(files);
  const { path } = project;
  miqro = new Miqro({ services: services.map((one) => join(path, one)), port: 0, host: "127.0.0.1" });
  return `http://127.0.0.1:${((await miqro.start()) as AddressInfo).port}`;
}

const page = (text: string) =>
  `import JSX from "@miqro/jsx"; export default (req) => JSX.createElement("p", null, "${text} ", req.path);`;
const sees = (name: string, answer = "undefined") =>
  `export default { catch(err, req, res) { (globalThis.seen ??= []).push("${name} " + err.status); return ${answer}; } };`;
const html = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";

interface Case {
  readonly title: string;
  readonly files: Files;
  readonly services?: readonly string[];
  readonly path?: string;
  readonly method?: string;
  readonly accept?: string;
  readonly status?: number;
  /** What the body has in it. */
  readonly has: RegExp;
  /** What the handlers of `catch.ts` saw. */
  readonly seen?: readonly string[];
}

const hello = { "app/http/hello.api.js": "export default () => 'hello';" };
const two = {
  "a/http/a.api.js": "export default () => 'a';",
  "b/http/b.api.js": "export default () => 'b';",
};

const cases: readonly Case[] = [
  {
    title: "a module",
    files: { ...hello, "app/http/404.html.js": page("Nothing at") },
    has: /^<!DOCTYPE html><p>Nothing at \/no<\/p>$/,
  },
  {
    title: "an element",
    files: {
      "app/http/404.html.js":
        'import JSX from "@miqro/jsx"; export default JSX.createElement("h1", null, "Gone");',
    },
    has: /<h1>Gone<\/h1>/,
  },
  {
    title: "an async page",
    files: {
      "app/http/404.html.js":
        'import JSX from "@miqro/jsx"; export default async () => JSX.createElement("h1", null, "Late");',
    },
    has: /<h1>Late<\/h1>/,
  },
  {
    title: "Markdown",
    files: { ...hello, "app/http/404.html.md": "# Not *here*\n" },
    has: /<title>Not here<\/title>[\s\S]*<h1 id="not-here">/,
  },
  {
    title: "its own URL",
    files: { "app/http/404.html.js": page("Nothing at") },
    path: "/404.html",
    has: /Nothing at \/404\.html/,
  },
  { title: "the URL of Markdown", files: { "app/http/404.html.md": "# None\n" }, path: "/404", has: /None/ },
  {
    title: "a path that exists in other services",
    files: { ...two, "b/http/404.html.js": page("B") },
    services: ["a", "b"],
    path: "/a",
    status: 200,
    has: /^a$/,
  },
  {
    title: "two pages: that of the last service",
    files: { ...two, "a/http/404.html.js": page("A"), "b/http/404.html.md": "# B\n" },
    services: ["a", "b"],
    has: /<h1 id="b">B/,
  },
  {
    title: "a last service without one",
    files: { ...two, "a/http/404.html.js": page("A") },
    services: ["a", "b"],
    has: /<p>A \/no<\/p>/,
  },
  {
    title: "a page that sends nothing: that of the service before",
    files: { ...two, "a/http/404.html.js": page("A"), "b/http/404.html.js": "export default () => {};" },
    services: ["a", "b"],
    has: /<p>A \/no<\/p>/,
  },
  {
    title: "a page that answers itself",
    files: { "app/http/404.html.js": "export default (req, res) => res.redirect('/');" },
    status: 302,
    has: /^/,
  },
  {
    title: "a page that throws",
    files: { "app/http/404.html.js": "export default () => { throw new Error('in the page'); };" },
    status: 500,
    has: /INTERNAL/,
  },
  {
    title: "any method",
    files: { ...hello, "app/http/404.html.js": page("Nothing at") },
    method: "POST",
    accept: html,
    has: /Nothing at/,
  },
  {
    title: "a client without wishes",
    files: { "app/http/404.html.js": page("Nothing") },
    accept: "*/*",
    has: /Nothing/,
  },
  { title: "a browser", files: { "app/http/404.html.js": page("Nothing") }, accept: html, has: /Nothing/ },
  {
    title: "a client that takes JSON only",
    files: { "app/http/404.html.js": page("Nothing") },
    accept: "application/json",
    has: /"code":"NOT_FOUND"/,
  },
  {
    title: "a client that names JSON and takes anything",
    files: { "app/http/404.html.js": page("Nothing") },
    accept: "application/json, text/plain, */*",
    has: /"code":"NOT_FOUND"/,
  },
  {
    title: "a client that likes JSON less",
    files: { "app/http/404.html.js": page("Nothing") },
    accept: "text/html, application/json;q=0.5",
    has: /Nothing/,
  },
  {
    title: "a client that takes text only",
    files: { "app/http/404.html.js": page("Nothing") },
    accept: "text/plain",
    has: /^Not Found\n/,
  },
  {
    title: "a wrong method, which is no 404",
    files: { ...hello, "app/http/404.html.js": page("Nothing") },
    path: "/hello",
    method: "POST",
    accept: html,
    status: 405,
    has: /^Method Not Allowed/,
  },
  {
    title: "a NotFoundError of a handler, which is an answer",
    files: {
      "app/http/x.api.js":
        'import { NotFoundError } from "@miqro/core"; export default () => { throw new NotFoundError("No x."); };',
      "app/http/404.html.js": page("Nothing"),
    },
    path: "/x",
    has: /No x\./,
  },
  {
    title: "a page that finds nothing to show",
    files: {
      "app/http/posts/[id].html.js": "export default () => undefined;",
      "app/http/404.html.js": page("No post"),
    },
    path: "/posts/7.html",
    has: /No post \/posts\/7\.html/,
  },
  {
    title: "a missing file",
    files: { "app/static/a.txt": "a", "app/http/404.html.js": page("No file") },
    path: "/b.txt",
    has: /No file/,
  },
  {
    title: "404.html below a folder, which is a page like others",
    files: { "app/http/docs/404.html.js": page("Docs") },
    path: "/docs/404.html",
    status: 200,
    has: /Docs/,
  },
  {
    title: "404.api below http, which is a route like others",
    files: { "app/http/404.api.js": "export default () => 'route';" },
    path: "/404",
    status: 200,
    has: /^route$/,
  },
  {
    title: "a session that is required",
    files: {
      "app/auth.js": "export default { verify: () => null };",
      "app/http/404.html.js": page("Nothing"),
    },
    status: 401,
    has: /UNAUTHORIZED/,
  },
  {
    title: "a catch that answers",
    files: {
      "app/catch.js": sees("app", "res.html('<h1>By catch', {}, 404)"),
      "app/http/404.html.js": page("Nothing"),
    },
    has: /By catch/,
    seen: ["app 404"],
  },
  {
    title: "a catch that returns a value",
    files: { "app/catch.js": sees("app", "({ by: 'catch' })"), ...hello },
    has: /^\{"by":"catch"\}$/,
    seen: ["app 404"],
  },
  {
    title: "a catch that only looks",
    files: { "app/catch.js": sees("app"), "app/http/404.html.js": page("Nothing") },
    has: /Nothing/,
    seen: ["app 404"],
  },
  {
    title: "catches of all services, the last first",
    files: { ...two, "a/catch.js": sees("a"), "b/catch.js": sees("b") },
    services: ["a", "b"],
    has: /NOT_FOUND/,
    seen: ["b 404", "a 404"],
  },
  {
    title: "catches before pages",
    files: { ...two, "a/catch.js": sees("a", "({ by: 'a' })"), "b/http/404.html.js": page("B") },
    services: ["a", "b"],
    has: /"by":"a"/,
    seen: ["a 404"],
  },
  {
    title: "a wrong method for catch",
    files: { ...hello, "app/catch.js": sees("app", "res.text('no', {}, err.status)") },
    path: "/hello",
    method: "DELETE",
    status: 405,
    has: /^no$/,
    seen: ["app 405"],
  },
  {
    title: "the error of one service only",
    files: {
      "a/http/a.api.js": "export default () => { throw new Error('x'); };",
      "a/catch.js": sees("a", "({ by: 'a' })"),
      "b/catch.js": sees("b"),
      "b/http/b.api.js": "export default () => 1;",
    },
    services: ["a", "b"],
    path: "/a",
    status: 500,
    has: /"by":"a"/,
    seen: ["a undefined"],
  },
];

describe("what nothing answered", () => {
  for (const {
    title,
    files,
    services = ["app"],
    path = "/no",
    method = "GET",
    accept,
    status = 404,
    has,
    seen,
  } of cases) {
    it(`is answered with ${title}`, async () => {
      const global = globalThis as { seen?: string[] };
      delete global.seen;
      const url = await start(files, services);
      const headers = accept === undefined ? {} : { accept };
      const answer = await fetch(url + path, { method, headers, redirect: "manual" });
      assert.equal(answer.status, status);
      assert.match(await answer.text(), has);
      assert.deepEqual(global.seen ?? [], seen ?? []);
    });
  }

  it("varies by what the client accepts, and answers HEAD with the head alone", async () => {
    const url = await start({ "app/http/404.html.js": page("Nothing") }, ["app"]);
    const answer = await fetch(`${url}/no`, { method: "HEAD" });
    assert.equal(answer.status, 404);
    assert.match(answer.headers.get("content-type") ?? "", /^text\/html/);
    assert.match(answer.headers.get("vary") ?? "", /accept/i);
    assert.equal(await answer.text(), "");
  });

  it("is refused where a page has options of a route, or stands there twice", async () => {
    const options = "export const apiOptions = { method: 'POST' };";
    const twice = { "app/http/404.html.js": page("A"), "app/http/404.html.md": "# B\n" };
    await assert.rejects(
      start({ "app/http/404.html.js": `${options}\n${page("A")}` }, ["app"]),
      /404\.html\.js: .*apiOptions change nothing/,
    );
    await assert.rejects(start(twice, ["app"]), (error: StartError) =>
      /404\.html\.(js|md) exists as well/.test(error.message),
    );
  });
});
