import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { describe, it, type TestContext } from "node:test";
import { promisify } from "node:util";
import { Script } from "node:vm";
import { cpuTime } from "miqro-tests/cpu-time";
import {
  type ClientGraph,
  type ClientGraphOptions,
  createClientGraph,
} from "../../dist/client-graph/client-graph.js";
import { createProjectFolder, type Files } from "../support/project-folder.js";

const run = promisify(execFile);

async function buildGraph(
  context: TestContext,
  files: Files,
  options: Omit<ClientGraphOptions, "projectRoot"> = {},
  entryFile = "app.js",
) {
  const project = await createProjectFolder(context, files);
  const graph = createClientGraph({ projectRoot: project.root, ...options });
  const entry = await graph.addEntry({ url: "/js/app.js", file: project.path(entryFile) });
  return { project, graph, entry };
}

/** All modules that can be had from the URLs on, by path. */
function modulesFrom(graph: ClientGraph, start: string): Map<string, string> {
  const found = new Map<string, string>();
  const open = [start];
  for (let url = open.pop(); url !== undefined; url = open.pop()) {
    if (found.has(url)) continue;
    const text = graph.get(url)?.body.toString() ?? assert.fail(`${url} is not served`);
    found.set(url, text);
    for (const [, specifier = ""] of text.matchAll(/["'](\.\.?\/[^"']+)["']/g)) {
      open.push(new URL(specifier, `http://localhost${url}`).pathname);
    }
  }
  return found;
}

/** Writes what a server would answer to a folder, and runs the page's script there. */
async function evaluate(context: TestContext, graph: ClientGraph, url: string, stub: string, start: string) {
  const site = await createProjectFolder(context, {});
  for (const [path, text] of [...modulesFrom(graph, start), [url, stub] as const]) {
    await mkdir(dirname(site.path(path)), { recursive: true });
    await writeFile(site.path(path), text);
  }
  const { stdout } = await run(process.execPath, [site.path(url)], { cwd: site.root });
  return stdout.trim();
}

const dependency: Files = {
  "node_modules/dep/package.json": JSON.stringify({
    name: "dep",
    exports: {
      ".": { node: "./node.cjs", browser: "./browser.js", default: "./index.js" },
      "./sub/*": "./lib/*.js",
    },
    imports: { "#inner": "./lib/inner.js" },
    type: "module",
  }),
  "node_modules/dep/browser.js": `import { inner } from "#inner"; export const name = ["browser", inner].join(" ");`,
  "node_modules/dep/lib/inner.js": `import { tool } from "dep/sub/tool"; export const inner = ["inner", tool].join(" ");`,
  "node_modules/dep/lib/tool.js": "export const tool = 'tool';",
};

describe("createClientGraph", () => {
  it("serves a graph that runs: relative, bare, self and own imports, re-exports, cycles, dynamic imports", async (context) => {
    const { graph, entry } = await buildGraph(context, {
      ...dependency,
      "app.js": [
        'import "./side.js";',
        'import {} from "./types.js";',
        'import { name } from "dep";',
        'import { tool } from "dep/sub/tool";',
        'import { even } from "./lib/even.js";',
        'export { name as again } from "dep";',
        'const { lazy } = await import("./lazy.js");',
        "console.log([globalThis.side, name, tool, even(10), lazy, process.env.NODE_ENV, typeof import.meta.url].join());",
      ].join("\n"),
      "side.js": "globalThis.side = 'side';",
      "types.js": "export {};",
      "lib/even.js": 'import { odd } from "./odd.js"; export const even = (n) => n === 0 || odd(n - 1);',
      "lib/odd.js": 'import { even } from "./even.js"; export const odd = (n) => n !== 0 && even(n - 1);',
      "lazy.js": "export const lazy = 'lazy';",
    });
    assert.equal(
      await evaluate(context, graph, entry.url, entry.stub, entry.moduleURL),
      "side,browser inner tool,tool,true,lazy,production,string",
    );
    assert.deepEqual(entry.warnings, []);
  });

  it("answers a stub of one import, relative to its URL", async (context) => {
    const { entry } = await buildGraph(context, { "app.js": "" });
    assert.match(entry.moduleURL, /^\/_miqro\/[\w-]{12}\/app\.js$/);
    assert.deepEqual(entry.stub.match(/import\([^)]*\)/g), [`import("..${entry.moduleURL}")`]);
  });

  it("answers a stub that is a classic script too", async (context) => {
    const { entry } = await buildGraph(context, { "app.js": "" });
    // It parses as a script; to run it takes a page.
    assert.ok(new Script(entry.stub));
  });

  it("serves modules as immutable JavaScript", async (context) => {
    const { graph, entry } = await buildGraph(context, { "app.js": "let héé;" });
    const module = graph.get(entry.moduleURL);
    assert.equal(module?.body.toString(), "let héé;");
    assert.equal(module?.headers["content-type"], "text/javascript; charset=utf-8");
    assert.equal(module?.headers["cache-control"], "public, max-age=31536000, immutable");
  });

  it("serves only what an entry reaches", async (context) => {
    const { graph, entry, project } = await buildGraph(context, {
      "app.js": 'import "./used.js";',
      "used.js": "",
      "unused.js": "",
    });
    assert.equal(modulesFrom(graph, entry.moduleURL).size, 2);
    for (const path of ["/js/app.js", "/unused.js", "/_miqro/", entry.moduleURL.toUpperCase(), "__proto__"]) {
      assert.equal(graph.get(path), undefined, path);
    }
    await project.write({ "broken.js": 'import "./unused.js"; import "node:fs";' });
    await assert.rejects(graph.addEntry({ url: "/broken.js", file: project.path("broken.js") }));
    assert.equal(graph.preloads("/broken.js"), undefined);
    // A graph without the failed entry gives the same URL, which the failed one does not serve.
    const other = createClientGraph({ projectRoot: project.root });
    const { moduleURL } = await other.addEntry({ url: "/u.js", file: project.path("unused.js") });
    assert.equal(graph.get(moduleURL), undefined);
  });

  it("lists for preloading what static imports reach, the entry first", async (context) => {
    const { graph, entry } = await buildGraph(context, {
      "app.js": 'import "./a.js"; import("./lazy.js"); export * from "./b.js";',
      "a.js": 'import "./c.js";',
      "b.js": 'import "./app.js"; import "./c.js";',
      "c.js": "",
      "lazy.js": 'import "./later.js"; import "./c.js";',
      "later.js": "",
    });
    const names = entry.preload.map((url) => url.slice(url.lastIndexOf("/") + 1));
    assert.deepEqual(names, ["app.js", "a.js", "b.js", "c.js"]);
    assert.equal(entry.preload[0], entry.moduleURL);
    assert.deepEqual(graph.preloads("/js/app.js"), entry.preload);
    assert.equal(graph.preloads("/js/other.js"), undefined);
  });

  it("gives entries that are added at once the same URLs for what they share", async (context) => {
    const project = await createProjectFolder(context, {
      ...dependency,
      "a.js": 'import "dep"; import "./shared.js";',
      "b.js": 'import "./shared.js"; import "dep";',
      "shared.js": 'import "dep/sub/tool";',
    });
    const graph = createClientGraph({ projectRoot: project.root });
    const [a, b, again] = await Promise.all([
      graph.addEntry({ url: "/a.js", file: project.path("a.js") }),
      graph.addEntry({ url: "/b.js", file: project.path("b.js") }),
      graph.addEntry({ url: "/a.js", file: project.path("a.js") }),
    ]);
    assert.deepEqual(a.preload.slice(1).sort(), b.preload.slice(1).sort());
    assert.equal(a.preload.length, 5);
    assert.deepEqual(again, a);
  });

  it("changes the URLs of exactly those modules that reach a change", async (context) => {
    const files = {
      "app.js": 'import "./a.js"; import "./b.js";',
      "a.js": 'import "./c.js";',
      "b.js": "export const b = 1;",
      "c.js": 'import "./a.js"; export const c = 1;',
    };
    const { entry, project } = await buildGraph(context, files);
    const rebuild = () =>
      createClientGraph({ projectRoot: project.root }).addEntry({
        url: "/js/app.js",
        file: project.path("app.js"),
      });
    assert.deepEqual((await rebuild()).preload, entry.preload);
    await project.write({ "c.js": 'import "./a.js"; export const c = 2;' });
    const changed = (await rebuild()).preload.map((url, index) => url !== entry.preload[index]);
    assert.deepEqual(changed, [true, true, false, true]);
  });

  it("gives the same URLs in another folder", async (context) => {
    const files = { ...dependency, "app.js": 'import "dep"; import "./a.js";', "a.js": "" };
    const [one, other] = [await buildGraph(context, files), await buildGraph(context, files)];
    assert.deepEqual(one.entry.preload, other.entry.preload);
  });

  it("keeps modules apart that have equal names and content", async (context) => {
    const { entry } = await buildGraph(context, {
      "app.js": 'import "./a/state.js"; import "./b/state.js";',
      "a/state.js": "export const list = [];",
      "b/state.js": "export const list = [];",
    });
    assert.equal(new Set(entry.preload).size, 3);
  });

  it("takes what packages export for the environment", async (context) => {
    const files: Files = {
      "app.js": 'import "pkg";',
      "node_modules/pkg/package.json": JSON.stringify({
        name: "pkg",
        type: "module",
        exports: { development: "./long.js", browser: "./short.js" },
      }),
      "node_modules/pkg/long.js": "export const long = 1;",
      "node_modules/pkg/short.js": "export const short = 1;",
    };
    for (const [environment, name] of [
      ["development", "long.js"],
      ["production", "short.js"],
    ] as const) {
      const { entry } = await buildGraph(context, files, { environment });
      assert.match(entry.preload[1] ?? "", new RegExp(`/${name}$`));
    }
  });

  it("replaces process.env.NODE_ENV by the environment, which is part of the URL", async (context) => {
    const files = { "app.js": "globalThis.env = process.env.NODE_ENV;\n//# sourceMappingURL=app.js.map\n" };
    const production = await buildGraph(context, files);
    const development = await buildGraph(context, files, { environment: "development" });
    const text = ({ graph, entry }: typeof production) => graph.get(entry.moduleURL)?.body.toString();
    assert.equal(text(production), 'globalThis.env = "production";\n\n');
    assert.equal(text(development), 'globalThis.env = "development";\n\n');
    assert.notEqual(production.entry.moduleURL, development.entry.moduleURL);
  });

  it("writes names that need no encoding", async (context) => {
    const { entry } = await buildGraph(context, { "[id] é.min.mjs": "" }, {}, "[id] é.min.mjs");
    assert.match(entry.moduleURL, /^\/_miqro\/[\w-]{12}\/-id-.min\.js$/);
  });

  it("leaves dynamic imports of computed paths and foreign URLs alone, with a warning", async (context) => {
    const source = `const a = "./x.js";\nimport(a); import(\`./\${a}.js\`);\nimport "https://example.com/x.js"; import(\`./b.js\`);`;
    const { graph, entry } = await buildGraph(context, { "app.js": source, "b.js": "" });
    const text = graph.get(entry.moduleURL)?.body.toString() ?? "";
    assert.ok(text.startsWith(source.slice(0, source.indexOf("import(`./b.js`)"))));
    assert.equal(entry.warnings.length, 3);
    assert.match(entry.warnings[0] ?? "", /^app\.js:2 imports a, whose value is known only at run time/);
    assert.match(entry.warnings[1] ?? "", /^app\.js:2 imports `\.\/\$\{a\}\.js`/);
    assert.match(entry.warnings[2] ?? "", /^app\.js:3 imports "https:\/\/example\.com\/x\.js"/);
    assert.match(text, /import\("\.\.\/[\w-]{12}\/b\.js"\);$/);
  });

  it("builds an entry of 200 modules in a fraction of a second", async (context) => {
    const files = Object.fromEntries(
      Array.from({ length: 200 }, (_, index) => {
        const imports = [2 * index + 1, 2 * index + 2].filter((next) => next < 200);
        const lines = imports.map((next) => `import { m${next} } from "./m${next}.js";`);
        return [
          `m${index}.js`,
          `${lines.join("\n")}\nexport const m${index} = [${imports.map((next) => `m${next}`)}];\n`,
        ];
      }),
    );
    const project = await createProjectFolder(context, files);
    const ms = await cpuTime(async () => {
      const graph = createClientGraph({ projectRoot: project.root });
      const entry = await graph.addEntry({ url: "/m.js", file: project.path("m0.js") });
      assert.equal(entry.preload.length, 200);
    });
    context.diagnostic(`200 modules in ${ms.toFixed(0)} ms`);
    // Ten times what it takes on an idle machine, which a quadratic step would still exceed.
    assert.ok(ms < 1_000, `${ms} ms`);
  });

  it("refuses malformed arguments", async (context) => {
    const { graph, project } = await buildGraph(context, { "app.js": "" });
    assert.throws(() => createClientGraph({ projectRoot: "relative" }), TypeError);
    const file = project.path("app.js");
    const nowhere = createClientGraph({ projectRoot: project.path("nowhere") });
    await assert.rejects(nowhere.addEntry({ url: "/js/app.js", file }), {
      name: "TypeError",
      message: /must exist/,
    });
    for (const url of [
      "js/app.js",
      "/",
      "/js/",
      "/js/../app.js",
      "//host/app.js",
      "/app.js?x",
      "/app.js#x",
      "",
    ]) {
      await assert.rejects(graph.addEntry({ url, file }), TypeError, url);
    }
    await assert.rejects(graph.addEntry({ url: "/x.js", file: "app.js" }), TypeError);
    await assert.rejects(graph.addEntry({ url: "/js/app.js", file: join(project.root, "other.js") }), {
      name: "TypeError",
      message: /is already used for .*app\.js/,
    });
  });
});
