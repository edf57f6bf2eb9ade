import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type ClientGraphOptions, createClientGraph } from "../../dist/client-graph/client-graph.js";
import { ClientGraphError } from "../../dist/client-graph/client-graph-error.js";
import { packageFiles } from "../support/page-table.js";
import { createProjectFolder, type Files, type ProjectFolder } from "../support/project-folder.js";

async function outcome(
  project: ProjectFolder,
  options: Omit<ClientGraphOptions, "projectRoot"> = {},
): Promise<{
  readonly error?: ClientGraphError;
  readonly bodies: readonly string[];
  readonly warnings: readonly string[];
}> {
  const graph = createClientGraph({ projectRoot: project.root, ...options });
  try {
    const entry = await graph.addEntry({ url: "/js/app.js", file: project.path("app.js") });
    const open = [entry.moduleURL];
    const bodies = new Map<string, string>();
    for (const url of open) {
      const body = graph.get(url)?.body.toString();
      if (body === undefined || bodies.has(url)) continue;
      bodies.set(url, body);
      for (const [, path = ""] of body.matchAll(/["'](\.\.\/[^"']+)["']/g)) {
        open.push(new URL(path, `http://h${url}`).pathname);
      }
    }
    return { bodies: [...bodies.values()], warnings: entry.warnings };
  } catch (error) {
    assert.ok(error instanceof ClientGraphError, String(error));
    return { error, bodies: [], warnings: [] };
  }
}

const secret = "this is a secret";
const named = (path: string) => `export const url = new URL("${path}", import.meta.url);`;

describe("the files that client code names", () => {
  const refused: readonly (readonly [string, Files, RegExp])[] = [
    ["a dotfile", { ".env": secret }, /\.env must not be sent to browsers: its name begins with a dot/],
    ["a file in a folder with a dot", { ".git/config.txt": secret }, /begins with a dot/],
    ["a key", { "tls.key": secret }, /its name is that of a file with secrets/],
    ["a certificate", { "tls.pem": secret }, /its name is that of a file with secrets/],
    ["a database", { "db.sqlite3": secret }, /its name is that of a database/],
    ["miqro.json", { "miqro.json": JSON.stringify(secret) }, /it is a config file/],
    ["package.json", { "package.json": JSON.stringify({ type: "module", secret }) }, /it is a config file/],
    ["tsconfig.json", { "tsconfig.json": "{}" }, /it is a config file/],
    ["a source", { "x.jsx": secret }, /are not meant for browsers/],
    ["a script in a file with a dot", { ".eslintrc.js": secret }, /begins with a dot/],
    ["a script that configures a tool", { "vite.config.js": secret }, /it is a config file/],
    ["a source map", { "app.js.map": secret }, /are not meant for browsers/],
    ["a file without extension", { LICENSE: secret }, /has no extension/],
  ];
  for (const [name, files, message] of refused) {
    it(`may not be ${name}`, async (context) => {
      const path = Object.keys(files)[0] ?? "";
      const sources = [named(`./${path}`), `export const url = import.meta.resolve("./${path}");`];
      if (path.endsWith(".json"))
        sources.push(`import x from "./${path}" with { type: "json" };`, `import("./${path}");`);
      for (const source of sources) {
        const project = await createProjectFolder(context, { ...files, "app.js": source });
        const { error, bodies } = await outcome(project);
        assert.equal(error?.code, "MIQRO_CLIENT_PRIVATE", source);
        assert.match(error?.message ?? "", message);
        assert.deepEqual(bodies, []);
      }
    });
  }

  it("may not be TypeScript, which has no output", async (context) => {
    const project = await createProjectFolder(context, { "work.ts": secret, "app.js": named("./work.ts") });
    const { bodies, warnings } = await outcome(project);
    assert.equal(bodies.length, 1);
    assert.match(warnings.join(), /there is no such file/);
  });

  it("may not be private, outside of the project or in node_modules", async (context) => {
    const outer = await createProjectFolder(context, {
      "secret.txt": secret,
      "inner/package.json": '{"type":"module"}',
      "inner/db.js": secret,
      ...Object.fromEntries(
        Object.entries(packageFiles("dep", { "a.txt": secret })).map(([path, text]) => [
          `inner/${path}`,
          text,
        ]),
      ),
    });
    await outer.link("inner/link.txt", "secret.txt");
    const inner = {
      ...outer,
      root: outer.path("inner"),
      path: (name: string) => outer.path(`inner/${name}`),
    };
    const isPrivate = (file: string) => (file.endsWith("db.js") ? "it is a config file" : undefined);
    for (const [path, code] of [
      ["../secret.txt", "MIQRO_CLIENT_OUTSIDE"],
      ["./link.txt", "MIQRO_CLIENT_OUTSIDE"],
      ["./%2e%2e/secret.txt", "MIQRO_CLIENT_OUTSIDE"],
      ["./node_modules/dep/a.txt", "MIQRO_CLIENT_OUTSIDE"],
      ["./db.js", "MIQRO_CLIENT_PRIVATE"],
    ] as const) {
      await outer.write({ "inner/app.js": named(path) });
      const { error } = await outcome(inner, { isPrivate });
      assert.equal(error?.code, code, path);
    }
  });

  it("are read for packages only within the package, and left out quietly", async (context) => {
    const urls = [
      "../../secret.txt",
      "../other/a.txt",
      "./.npmrc",
      "./tls.key",
      "../../../etc/passwd",
      "./link.txt",
    ];
    const source = urls.map((url) => `new URL("${url}", import.meta.url);`).join("\n");
    const project = await createProjectFolder(context, {
      "app.js": 'import "dep";',
      "secret.txt": secret,
      ...packageFiles("other", { "a.txt": secret }),
      ...packageFiles(
        "dep",
        { "index.js": `export {};\n${source}`, ".npmrc": secret, "tls.key": secret },
        { type: "module" },
      ),
    });
    await project.link("node_modules/dep/link.txt", "secret.txt");
    const { bodies, error, warnings } = await outcome(project);
    assert.equal(error, undefined);
    assert.equal(bodies.length, 2);
    assert.deepEqual(warnings, []);
    assert.ok(!bodies.join().includes(secret));
  });

  it("of a package of the same workspace are its own, not public", async (context) => {
    for (const path of ["notes.md", "miqro.json", "LICENSE"]) {
      const project = await createProjectFolder(context, {
        "app/package.json": '{"type":"module"}',
        "app/app.js": 'import "@w/ui";',
        "ui/package.json": '{"name":"@w/ui","type":"module","exports":"./index.js"}',
        "ui/index.js": named(`./${path}`),
        [`ui/${path}`]: secret,
      });
      await project.link("node_modules/@w/ui", "ui");
      const app = {
        ...project,
        root: project.path("app"),
        path: (name: string) => project.path(`app/${name}`),
      };
      const { bodies } = await outcome(app);
      assert.equal(bodies.length, 2);
      assert.ok(!bodies.join().includes(secret), path);
    }
  });

  it("of a script for workers stay within the project too", async (context) => {
    const project = await createProjectFolder(context, {
      "inner/package.json": '{"type":"module"}',
      "inner/app.js": named("./work.js"),
      "inner/work.js": 'importScripts("../secret.js");',
      "secret.js": secret,
    });
    const inner = {
      ...project,
      root: project.path("inner"),
      path: (name: string) => project.path(`inner/${name}`),
    };
    assert.equal((await outcome(inner)).error?.code, "MIQRO_CLIENT_OUTSIDE");
  });
});

describe("what packages require", () => {
  it("leads to no file of the project, and none outside", async (context) => {
    const calls = ["../../secret", "../../secret.json", "../other/x", "./link", "/etc/passwd", "../../db"];
    const source = calls.map((call) => `try { require("${call}"); } catch {}`).join("\n");
    const project = await createProjectFolder(context, {
      "app.js": 'import "dep";',
      "secret.js": secret,
      "secret.json": JSON.stringify(secret),
      "db.js": secret,
      ...packageFiles("other", { "x.js": secret }),
      ...packageFiles("dep", { "index.js": source }),
    });
    await project.link("node_modules/dep/link.js", "secret.js");
    const { bodies, error } = await outcome(project);
    assert.equal(error, undefined);
    assert.ok(!bodies.join().includes(secret));
  });

  it("by main and maps leads to nothing outside of the package", async (context) => {
    for (const json of [
      { main: "../../secret.js" },
      { browser: "../../secret" },
      { browser: { "./index.js": "../../secret.js" } },
      { main: "./sub" },
    ]) {
      const project = await createProjectFolder(context, {
        "app.js": 'import "dep";',
        "secret.js": secret,
        ...packageFiles("dep", { "index.js": "", "sub/package.json": '{"main":"../../../secret.js"}' }, json),
      });
      const { error, bodies } = await outcome(project);
      assert.equal(error?.code, "MIQRO_CLIENT_OUTSIDE", JSON.stringify(json));
      assert.deepEqual(bodies, []);
    }
  });
});

describe("what stops a start", () => {
  const faults: readonly (readonly [string, Files, RegExp])[] = [
    [
      "a part of Node.js in the project",
      { "app.js": 'import "./a.js";', "a.js": 'import "node:fs";' },
      /module of Node\.js.*app\.js:1 -> a\.js:1 -> node:fs/,
    ],
    ["a dynamic one too", { "app.js": 'if (0) import("fs");' }, /module of Node\.js/],
    [
      "a package that lacks a file",
      {
        "app.js": 'import "dep";',
        ...packageFiles(
          "dep",
          { "i.js": 'import "./none.js"; export {};' },
          { type: "module", main: "i.js" },
        ),
      },
      /There is no file .*none\.js .*the package lacks it: install it again.*dep\/i\.js:1/,
    ],
    [
      "a package that lacks another",
      {
        "app.js": 'import "dep";',
        ...packageFiles("dep", { "i.js": '\nimport { x } from "peer";' }, { type: "module", main: "i.js" }),
      },
      /"peer" is not installed; "dep" imports it but does not list it as a dependency: run "npm install peer", or use another version\. .*dep\/i\.js:2 -> peer/,
    ],
    [
      "a package without its peer",
      {
        "app.js": 'import "dep";',
        ...packageFiles(
          "dep",
          { "i.mjs": 'import "@s/peer";' },
          { exports: "./i.mjs", peerDependencies: { "@s/peer": "1" } },
        ),
      },
      /"@s\/peer" is not installed; it is a peer dependency of "dep": run "npm install @s\/peer"/,
    ],
    [
      "through CommonJS",
      {
        "app.js": 'import a from "old";',
        ...packageFiles("old", { "index.js": '\nmodule.exports = require("dep");' }),
        ...packageFiles("dep", { "i.js": 'import "./none.js";' }, { type: "module", main: "i.js" }),
      },
      /app\.js:1 -> old\/index\.js:2 -> dep\/i\.js:1/,
    ],
    [
      "JSON that is none",
      { "app.js": 'import x from "./x.json";', "x.json": "{" },
      /x\.json is not valid JSON/,
    ],
  ];
  for (const [name, files, message] of faults) {
    it(`is ${name}`, async (context) => {
      const { error } = await outcome(await createProjectFolder(context, files));
      assert.match(error?.message ?? "none", message);
    });
  }
});

describe("remedies", () => {
  const rows: readonly (readonly [string, Files, RegExp])[] = [
    [
      "@/x",
      { "tsconfig.json": '{"compilerOptions":{"paths":{"@/*":["./src/*"]}}}', "src/x.ts": "" },
      /"@\/x" means src\/x by the "paths".*tsc does not change such an import/,
    ],
    [
      "~/x",
      { "tsconfig.json": '{"compilerOptions":{"paths":{"~/*":["./src/*"]}}}', "src/x.tsx": "" },
      /"~\/x" means src\/x/,
    ],
    [
      "@app/x.js",
      { "tsconfig.json": '{"compilerOptions":{"paths":{"@app/*":["./src/*"]}}}', "src/x.ts": "" },
      /"@app\/x\.js" means src\/x\.js/,
    ],
    ["src/x", { "src/x.ts": "" }, /write a relative path if the import "src\/x" means the file in/],
    [
      "listed",
      { "package.json": '{"type":"module","dependencies":{"listed":"1"}}' },
      /package\.json lists it, so run "npm install"/,
    ],
    [
      "listed",
      { "package.json": '{"type":"module","dependencies":{"listed":"1"}}', ".pnp.cjs": "" },
      /write "nodeLinker: node-modules" into \.yarnrc\.yml and run "yarn install"/,
    ],
    ["none", {}, /run "npm install none" if it is a package of npm/],
    ["@/y", {}, /neither a relative path nor the name of a package/],
    ["no name!", {}, /neither a relative path|cannot be the name of one/],
  ];
  for (const [specifier, files, message] of rows) {
    it(`fit the import "${specifier}"`, async (context) => {
      const project = await createProjectFolder(context, { ...files, "app.js": `import "${specifier}";` });
      const { error } = await outcome(project);
      assert.match(error?.message ?? "none", message);
      if (specifier !== "none") assert.doesNotMatch(error?.message ?? "", /npm install [^"]/);
    });
  }
});
