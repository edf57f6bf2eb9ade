import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { Miqro, StartError } from "miqro";
import { createProject, type Project } from "./support/project.js";

const jsx = 'import JSX from "@miqro/jsx"; ';
const generator = /is a generator, whose values cannot wait\. Make it async: async function\*/;

/** Default exports that cannot answer, and what each kind of file says about them. */
const wrong: Readonly<
  Record<string, { readonly code: string; readonly says: Readonly<Record<string, RegExp>> }>
> = {
  "a class": {
    code: "export default class Page { render() {} }",
    says: {
      page: /function \(req, res\) => \.\.\., not a class/,
      api: /function \(req, res\) => \.\.\., not a class/,
      json: /function \(req, res\) => \.\.\., not a class/,
      notFound: /function \(req, res\) => \.\.\., not a class/,
      layout: /has a class as its default export/,
      module: /a function \(router\) => \.\.\., not a class/,
    },
  },
  "a promise of a class": {
    code: "export default Promise.resolve(class A {});",
    says: { page: /not a class/, api: /not a class/, json: /not a class/, notFound: /not a class/ },
  },
  "a declaration with a class": {
    code: "export default { handler: class A {} };",
    says: { page: /not a class/, api: /not a class/ },
  },
  "a function with next": {
    code: "export default (req, res, next) => next();",
    says: { page: /has 3 parameters/, api: /has 3 parameters/, json: /has 3 parameters/, notFound: /has 3/ },
  },
  "a generator": {
    code: "export default function* () { yield 1; }",
    says: { page: generator, api: generator, json: generator, notFound: generator },
  },
  "a plain object": {
    code: "export default { title: 'x' };",
    says: {
      page: /an object, which is not a page/,
      api: /has no "title"/,
      notFound: /an object/,
      layout: /no component/,
    },
  },
  "a declaration": {
    code: "export default { handler: () => 1 };",
    says: { json: /it exports a declaration.*end in \.api\.ts/ },
  },
  "an element": {
    code: `${jsx}export default JSX.createElement("p", {}, "x");`,
    says: { api: /an element, which is a page\. Rename/, json: /an element, which is a page\. Rename/ },
  },
  "a number": {
    code: "export default 5;",
    says: { page: /is 5, which is not a page/, api: /is 5, which answers no request/, notFound: /is 5/ },
  },
  null: {
    code: "export default null;",
    says: { page: /is null, which/, api: /is null, which/, notFound: /is null/, layout: /no component/ },
  },
  "a string": { code: "export default 'x';", says: { api: /is a string, which answers no request/ } },
  "an array": {
    code: "export default [() => 1];",
    says: { page: /an array, which is not a page/, api: /an array, which/, notFound: /an array/ },
  },
  "an array of handlers in a declaration": {
    code: "export default { handler: [() => 1, () => 2] };",
    says: { page: /a page has one handler/ },
  },
  "a symbol": {
    code: "export default Symbol('x');",
    says: { page: /a symbol/, api: /a symbol/, json: /a symbol, which cannot be sent/, notFound: /a symbol/ },
  },
  "a bigint": {
    code: "export default 5n;",
    says: {
      page: /a bigint/,
      api: /a bigint/,
      json: /cannot be sent as JSON: .*BigInt/,
      notFound: /a bigint/,
    },
  },
  "a Map": {
    code: "export default new Map([[1, 2]]);",
    says: {
      page: /class Map, which is not a page/,
      api: /class Map, which/,
      json: /class Map, whose JSON would be empty/,
      notFound: /class Map/,
    },
  },
  "an error": {
    code: "export default new Error('x');",
    says: { page: /class Error/, api: /class Error/, json: /class Error/, notFound: /class Error/ },
  },
  "a router": {
    code: 'import { Router } from "miqro"; export default new Router();',
    says: { page: /class Router/, api: /class Router/, json: /class Router/, notFound: /class Router/ },
  },
  "an object in a circle": {
    code: "const a = {}; a.a = a; export default a;",
    says: {
      page: /an object, which/,
      json: /cannot be sent as JSON: Converting circular/,
      notFound: /an object/,
    },
  },
  "a promise of undefined": {
    code: "export default Promise.resolve();",
    says: { page: /promise of undefined/, api: /promise of undefined/, json: /promise of undefined/ },
  },
  "a handler with a name": {
    code: "export const GET = () => 'x';",
    says: {
      page: /no default export, but one with the name "GET"/,
      api: /no default export, but one with the name "GET"/,
      json: /no default export, but one with the name "GET"/,
    },
  },
};

const right: Readonly<Record<string, string>> = {
  "function.html.js": "export default () => 'x';",
  "async.html.js": "export default async () => 'x';",
  "promise.html.js": "export default Promise.resolve(() => 'x');",
  "element.html.js": `${jsx}export default JSX.createElement("p", {}, "x");`,
  "text.html.js": "export default '<p>x</p>';",
  "reply.html.js": 'import { reply } from "miqro"; export default reply(200, "x");',
  "options.html.js": "export const apiOptions = { method: 'POST' }; export default () => 'x';",
  "declaration.html.js": "export default { handler: () => 'x' };",
  "function.api.js": "export default () => 'x';",
  "promise.api.js": "export default Promise.resolve({ handler: () => 'x' });",
  "generator.api.js": "export default async function* () { yield 'x'; }",
  "method.api.js": "export default { handler() { return 'x'; } };",
  "bound.api.js": "export default (function () { return 'x'; }).bind(null);",
  "proxy.api.js": "export default new Proxy(() => 'x', {});",
  "value.json.js": "export default { a: [1, null, 'x'] };",
  "empty.json.js": "export default {};",
  "null.json.js": "export default null;",
  "date.json.js": "export default new Date(0);",
  "own.json.js": "export default new (class { toJSON() { return 'x'; } })();",
};

const fileOf: Readonly<Record<string, (folder: string) => string>> = {
  page: (folder) => `${folder}/http/x.html.js`,
  api: (folder) => `${folder}/http/x.api.js`,
  json: (folder) => `${folder}/http/x.json.js`,
  notFound: (folder) => `${folder}/http/404.html.js`,
  module: (folder) => `${folder}/http/area/module.js`,
  layout: (folder) => `${folder}/http/_layout.html.js`,
};

const cases = Object.entries(wrong).flatMap(([what, { code, says }], index) =>
  Object.entries(says).map(([kind, pattern]) => ({ what, code, kind, pattern, folder: `s${index}-${kind}` })),
);

describe("the default export of a file below http/", () => {
  let project: Project;
  let problems: StartError["problems"] = [];
  before(async () => {
    const files: Record<string, string> = {};
    for (const { code, kind, folder } of cases) {
      files[fileOf[kind]?.(folder) ?? ""] = code;
      if (kind === "layout") files[`${folder}/http/y.html.md`] = "# Y";
    }
    for (const [name, code] of Object.entries(right)) files[`good/http/${name}`] = code;
    project = await createProject(files);
    const app = new Miqro({
      services: cases.map(({ folder }) => `${project.path}/${folder}`),
      noBuild: true,
    });
    await assert.rejects(app.start(), (error) => {
      assert.ok(error instanceof StartError);
      problems = error.problems;
      return true;
    });
  });
  after(() => project.remove());

  for (const { what, kind, pattern, folder } of cases) {
    it(`is refused at the start: ${what}, of a ${kind}`, () => {
      const found = problems.filter(({ file }) => file.startsWith(`${project.path}/${folder}/`));
      assert.ok(found.length > 0, "nothing is told");
      assert.match(found[0]?.message ?? "", pattern);
    });
  }

  it("is taken if it can answer", async () => {
    const app = new Miqro({ services: [`${project.path}/good`], noBuild: true, port: 0, host: "127.0.0.1" });
    const { port } = Object(await app.start()) as { port: number };
    try {
      for (const name of Object.keys(right)) {
        const path = name.replace(/(?:\.api)?\.js$/, "");
        const method = name.startsWith("options") ? "POST" : "GET";
        const { status } = await fetch(`http://127.0.0.1:${port}/${path}`, { method });
        assert.equal(status, 200, name);
      }
    } finally {
      await app.stop();
    }
  });
});
