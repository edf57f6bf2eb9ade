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

async function start(files: Readonly<Record<string, string>>): Promise<string> {
  project = await createProject(files);
  miqro = new Miqro({ services: join(project.path, "app"), port: 0, host: "127.0.0.1" });
  return `http://127.0.0.1:${((await miqro.start()) as AddressInfo).port}`;
}

const head = 'import JSX, { Suspense } from "@miqro/jsx"; const h = JSX.createElement;';
const layout = (name: string) =>
  `${head} export default ({ title, children }) => h("html", null, h("title", null, "${name}: ", title), children);`;
const all = `${head} export default async ({ title, description, lang, html, req }) =>
  h("html", { lang }, h("title", null, title), h("meta", { content: description }), h("main", { innerHTML: html, id: req.path }));`;

interface Case {
  readonly title: string;
  readonly files: Readonly<Record<string, string>>;
  readonly path?: string;
  readonly status?: number;
  readonly html: RegExp;
}

const cases: readonly Case[] = [
  {
    title: "that of its folder",
    files: { "app/http/_layout.html.js": layout("A"), "app/http/x.html.md": "# X\n" },
    html: /^<!DOCTYPE html><html><title>A: X<\/title><article><h1 id="x">X<\/h1>\n<\/article><\/html>$/,
  },
  {
    title: "that of a folder above",
    files: { "app/http/_layout.html.js": layout("A"), "app/http/d/e/x.html.md": "# X\n" },
    path: "/d/e/x.html",
    html: /A: X/,
  },
  {
    title: "the nearest of several",
    files: {
      "app/http/_layout.html.js": layout("A"),
      "app/http/d/_layout.html.js": layout("B"),
      "app/http/d/x.html.md": "# X\n",
    },
    path: "/d/x",
    html: /B: X/,
  },
  {
    title: "none of a folder beside",
    files: { "app/http/e/_layout.html.js": layout("A"), "app/http/d/x.html.md": "# X\n" },
    path: "/d/x",
    html: /<main>\n<h1 id="x">/,
  },
  {
    title: "none above http/",
    files: { "app/_layout.html.js": layout("A"), "app/http/x.html.md": "# X\n" },
    html: /<main>/,
  },
  {
    title: "none above http/, from a folder of a parameter",
    files: { "app/_layout.html.js": layout("A"), "app/http/[id]/x.html.md": "# X\n" },
    path: "/7/x.html",
    html: /<main>/,
  },
  {
    title: "that of a folder of a parameter",
    files: { "app/http/[id]/_layout.html.js": layout("A"), "app/http/[id]/x.html.md": "# X\n" },
    path: "/7/x.html",
    html: /A: X/,
  },
  {
    title: "the one that its front matter names",
    files: {
      "app/http/_layout.html.js": layout("A"),
      "app/http/_wide.html.mjs": layout("W"),
      "app/http/d/x.html.md": "---\nlayout: wide\n---\n# X\n",
    },
    path: "/d/x",
    html: /W: X/,
  },
  {
    title: "none where its front matter says so",
    files: {
      "app/http/_layout.html.js": layout("A"),
      "app/http/x.html.md": "---\nlayout: false\n---\n# X\n",
    },
    html: /<main>/,
  },
  {
    title: "all that is known of the page",
    files: {
      "app/http/_layout.html.js": all,
      "app/http/x.html.md": "---\ntitle: T\ndescription: D & d\nlang: de\n---\ntext <b>bold</b>\n",
    },
    html: /<html lang="de"><title>T<\/title><meta content="D &amp; d"><main id="\/x"><p>text <b>bold<\/b><\/p>\n<\/main>/,
  },
  {
    title: "the name of the file for a page without a title",
    files: { "app/http/_layout.html.js": layout("A"), "app/http/x.html.md": "text\n" },
    html: /A: x</,
  },
  {
    title: "an async part",
    files: {
      "app/http/_layout.html.js": `${head} export default ({ children }) => h("body", null, h(async () => "late"), children);`,
      "app/http/x.html.md": "# X\n",
    },
    html: /<body>late<article>/,
  },
  {
    title: "the 404 page",
    files: { "app/http/_layout.html.js": layout("A"), "app/http/404.html.md": "# Gone\n" },
    path: "/no",
    status: 404,
    html: /A: Gone/,
  },
  {
    title: "the preloads of client code",
    files: {
      "app/http/js/a.min.js": "console.log(1);",
      "app/http/_layout.html.js": `${head} export default ({ children }) => h("body", null, children, h("script", { src: "/js/a.js" }));`,
      "app/http/x.html.md": "# X\n",
    },
    html: /<link rel="modulepreload" href="\/_miqro\//,
  },
];

describe("the layout of a Markdown page", () => {
  for (const { title, files, path = "/x", status = 200, html } of cases) {
    it(`is ${title}`, async () => {
      const url = await start(files);
      for (let i = 0; i < 2; i++) {
        const answer = await fetch(url + path);
        assert.equal(answer.status, status);
        assert.match(answer.headers.get("content-type") ?? "", /^text\/html/);
        assert.match(await answer.text(), html);
      }
      assert.equal((await fetch(`${url}/_layout.html`)).status, 404);
    });
  }

  const wrong: readonly [title: string, files: Readonly<Record<string, string>>, message: RegExp][] = [
    [
      "a name that is nowhere",
      { "app/http/x.html.md": "---\nlayout: wide\n---\n" },
      /x\.html\.md: its front matter asks for the layout "wide", but there is no _wide\.html\.tsx in its folder or above/,
    ],
    [
      "a path",
      { "app/http/_wide.html.js": layout("W"), "app/http/d/x.html.md": "---\nlayout: ../wide\n---\n" },
      /"\.\.\/wide", but the name of a layout has letters/,
    ],
    [
      "a layout without a default export",
      { "app/http/_layout.html.js": "export const x = 1;", "app/http/x.html.md": "# X\n" },
      /x\.html\.md: its layout .*_layout\.html\.js has no component/,
    ],
    [
      "a layout that is an element",
      { "app/http/_layout.html.js": `${head} export default h("p");`, "app/http/x.html.md": "# X\n" },
      /has no component/,
    ],
    [
      "a layout that throws",
      { "app/http/_layout.html.js": "throw new Error('no luck');", "app/http/x.html.md": "# X\n" },
      /its layout .* cannot be loaded: Error: no luck/,
    ],
    [
      "a layout that is not JavaScript",
      { "app/http/_layout.html.js": "export default (", "app/http/x.html.md": "# X\n" },
      /its layout .* cannot be loaded: SyntaxError/,
    ],
  ];
  for (const [title, files, message] of wrong) {
    it(`is a problem of the page for ${title}`, async () => {
      await assert.rejects(start(files), (error: StartError) => {
        assert.match(error.message, message);
        return true;
      });
    });
  }
});
