import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { createRequire, SourceMap } from "node:module";
import { dirname, join } from "node:path";
import { after, before, describe, it, type TestContext } from "node:test";
import { promisify } from "node:util";
import { launchChromium } from "miqro-tests/chromium";
import type { Browser } from "playwright-core";
import { type ClientGraphOptions, createClientGraph } from "../../dist/client-graph/client-graph.js";
import { serveClient } from "../support/client-site.js";
import { packageFiles } from "../support/page-table.js";
import { createProjectFolder, type Files, type ProjectFolder } from "../support/project-folder.js";

const run = promisify(execFile);
const tsc = join(dirname(createRequire(import.meta.url).resolve("typescript/package.json")), "bin/tsc");

/** A script as it is served, and its map. */
async function served(
  project: ProjectFolder,
  options: Omit<ClientGraphOptions, "projectRoot">,
  pattern: RegExp,
  entry = "dist/app.js",
) {
  const graph = createClientGraph({ projectRoot: project.root, ...options });
  const { preload } = await graph.addEntry({ url: "/js/app.js", file: project.path(entry) });
  for (const url of preload) {
    const text = graph.get(url)?.body.toString() ?? "";
    if (!pattern.test(text)) continue;
    const named = /\n\/\/# sourceMappingURL=(.*)\n$/.exec(text)?.[1];
    if (named === undefined) return { text, map: undefined, named };
    const data = /^data:application\/json;base64,(.*)$/.exec(named)?.[1];
    const found = data === undefined ? graph.get(`${dirname(url)}/${named}`) : undefined;
    const json = data === undefined ? found?.body.toString() : Buffer.from(data, "base64").toString();
    assert.ok(json, "the map is served");
    return { text, map: JSON.parse(json), named, headers: found?.headers };
  }
  return assert.fail(`no module has ${pattern}`);
}

/** The place in the sources that a part of the served text comes from. */
function originOf(text: string, map: ConstructorParameters<typeof SourceMap>[0], part: string) {
  const lines = text.slice(0, text.indexOf(part)).split("\n");
  const entry = new SourceMap(map).findEntry(lines.length - 1, lines.at(-1)?.length ?? 0);
  assert.ok("originalSource" in entry);
  const source =
    map.sourcesContent?.[map.sources.indexOf(entry.originalSource)]?.split("\n")[entry.originalLine];
  return { source: entry.originalSource, line: source?.slice(entry.originalColumn) };
}

async function compile(context: TestContext, options: object, files: Files = {}): Promise<ProjectFolder> {
  const project = await createProjectFolder(context, {
    "tsconfig.json": JSON.stringify({
      compilerOptions: {
        target: "es2022",
        module: "nodenext",
        rootDir: "src",
        outDir: "dist",
        types: [],
        ...options,
      },
      include: ["src"],
    }),
    "src/app.ts": [
      "interface Removed { readonly a: string }",
      'import data from "./d.json" with {',
      '  type: "json",',
      "};",
      "declare const process: { env: { NODE_ENV: string } };",
      'export const made: Removed = { a: process.env.NODE_ENV + String(data) }; export const marked = () => "MARK" + made.a;',
    ].join("\n"),
    "src/d.json": "1",
    ...files,
  });
  await run(process.execPath, [tsc, "-p", project.root]);
  return project;
}

const development = { environment: "development" } as const;
const settings = [
  { sourceMap: true },
  { sourceMap: true, inlineSources: true },
  { sourceMap: true, sourceRoot: "../src" },
  { inlineSourceMap: true },
  { inlineSourceMap: true, inlineSources: true },
];

describe("source maps of client code", () => {
  let browser: Browser;
  before(async () => {
    browser = await launchChromium();
  });
  after(() => browser?.close());

  for (const options of settings) {
    it(`lead to TypeScript in development: ${JSON.stringify(options)}`, async (context) => {
      const project = await compile(context, { ...options, resolveJsonModule: true });
      const { text, map, headers } = await served(project, development, /MARK/);
      assert.deepEqual(originOf(text, map, '"MARK"'), {
        source: "../../src/app.ts",
        line: '"MARK" + made.a;',
      });
      assert.match(text, /"development" \+ String/);
      assert.equal(map.sourceRoot, undefined);
      if ("sourceMap" in options) assert.equal(headers?.["content-type"], "application/json; charset=utf-8");
    });

    it(`are left out in production: ${JSON.stringify(options)}`, async (context) => {
      const project = await compile(context, { ...options, resolveJsonModule: true });
      const { text, named } = await served(project, {}, /MARK/);
      assert.equal(named, undefined);
      assert.doesNotMatch(text, /sourceMappingURL/);
    });
  }

  it("are found by the tools of a browser", async (context) => {
    const project = await compile(context, { sourceMap: true, resolveJsonModule: true });
    const site = await serveClient(context, project, {
      ...development,
      entries: [{ name: "dist/app.js", source: "src/app.ts" }],
    });
    const page = await browser.newPage();
    context.after(() => page.close());
    const session = await page.context().newCDPSession(page);
    const parsed = new Promise<{ readonly url: string; readonly sourceMapURL?: string }>((resolve) => {
      session.on("Debugger.scriptParsed", (script) => {
        if (/\/_miqro\/[^/]+\/app\.js$/.test(script.url)) resolve(script);
      });
    });
    await session.send("Debugger.enable");
    await page.goto(site.url);
    const { url, sourceMapURL } = await parsed;
    assert.ok(sourceMapURL);
    const { sources } = (await (await fetch(new URL(sourceMapURL, url))).json()) as {
      readonly sources: unknown;
    };
    assert.deepEqual(sources, ["../../src/app.ts"]);
  });

  it("survive where CommonJS is wrapped, on its first line too", async (context) => {
    const text = 'exports.a = process.env.NODE_ENV; exports.marked = "MARK";';
    const column = text.indexOf('"MARK"');
    // Two segments: the line's begin at 0:0, and the mark at 3:2.
    const mappings = `AAAA,${vlq(column)}AGE`;
    const map = { version: 3, sources: ["../src/index.ts"], names: [], mappings };
    const project = await createProjectFolder(context, {
      "dist/app.js": 'import "dep";',
      ...packageFiles(
        "dep",
        {
          "lib/index.js": `${text}\n//# sourceMappingURL=index.js.map`,
          "lib/index.js.map": JSON.stringify(map),
          "src/index.ts": 'a\nb\nc\n  "MARK"',
        },
        { main: "lib/index.js" },
      ),
    });
    const { text: result, map: moved } = await served(project, development, /"MARK"/);
    assert.deepEqual(originOf(result, moved, '"MARK"'), {
      source: "../../node_modules/dep/src/index.ts",
      line: '"MARK"',
    });
  });

  it("hold no file that is private, outside, or no script", async (context) => {
    const sources = [
      "../../secret.ts",
      "../db.ts",
      "../.env",
      "../notes.txt",
      "../link.ts",
      "app.ts",
      "webpack://x/y.ts",
    ];
    const map = { version: 3, sources, names: [], mappings: "AAAA" };
    const project = await createProjectFolder(context, {
      "inner/package.json": '{"type":"module"}',
      "inner/dist/app.js": '"MARK";\n//# sourceMappingURL=app.js.map\n',
      "inner/dist/app.js.map": JSON.stringify(map),
      "inner/dist/app.ts": "app",
      "inner/db.ts": "db",
      "inner/.env": "env",
      "inner/notes.txt": "notes",
      "secret.ts": "secret",
    });
    await project.link("inner/link.ts", "secret.ts");
    const inner = {
      ...project,
      root: project.path("inner"),
      path: (name: string) => project.path(`inner/${name}`),
    };
    const isPrivate = (file: string) => (file.endsWith("db.ts") ? "it is a config file" : undefined);
    const { map: result } = await served(inner, { ...development, isPrivate }, /MARK/);
    assert.deepEqual(result.sourcesContent, [null, null, null, null, null, "app", null]);
    assert.deepEqual(result.sources.slice(5), ["../../dist/app.ts", "webpack://x/y.ts"]);
  });

  it("are not named where there is none that can be served", async (context) => {
    for (const comment of [
      "app.js.map",
      "../../outside.js.map",
      "https://a.b/app.js.map",
      "app.ts",
      "data:text/plain,x",
      "data:application/json,%",
    ]) {
      const project = await createProjectFolder(context, {
        "inner/package.json": '{"type":"module"}',
        "inner/dist/app.js": `"MARK";\n//# sourceMappingURL=${comment}\n`,
        "inner/dist/app.ts": "",
        "outside.js.map": "{}",
      });
      const inner = {
        ...project,
        root: project.path("inner"),
        path: (name: string) => project.path(`inner/${name}`),
      };
      assert.equal((await served(inner, development, /MARK/)).named, undefined, comment);
    }
  });
});

/** A positive number as source maps write it. */
function vlq(value: number): string {
  const digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  let rest = value * 2;
  let text = "";
  do {
    const bits = rest % 32;
    rest = Math.floor(rest / 32);
    text += digits[rest > 0 ? bits + 32 : bits];
  } while (rest > 0);
  return text;
}
