import assert from "node:assert/strict";
import { describe, it, type TestContext } from "node:test";
import { type ClientGraphOptions, createClientGraph } from "../../dist/client-graph/client-graph.js";
import { ClientGraphError, type ClientGraphErrorCode } from "../../dist/client-graph/client-graph-error.js";
import { createProjectFolder, type Files, type ProjectFolder } from "../support/project-folder.js";

async function failure(
  project: ProjectFolder,
  options: Omit<ClientGraphOptions, "projectRoot"> = {},
): Promise<ClientGraphError> {
  const graph = createClientGraph({ projectRoot: project.root, ...options });
  const adding = graph.addEntry({ url: "/js/app.js", file: project.path("app.js") });
  const error: unknown = await adding.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof ClientGraphError, `a ClientGraphError, not ${error}`);
  return error;
}

async function assertRefused(
  context: TestContext,
  files: Files,
  code: ClientGraphErrorCode,
  message: RegExp,
) {
  const error = await failure(await createProjectFolder(context, files));
  assert.match(error.message, message);
  assert.equal(error.code, code);
}

describe("ClientGraphError", () => {
  it("names the chain of imports from the entry, with lines, and the file to look at", async (context) => {
    const project = await createProjectFolder(context, {
      "app.js": '\nimport "./lib/a.js";',
      "lib/a.js": 'import "./b.js";',
      "lib/b.js": 'export const b = 1;\n\nimport fs from "node:fs";',
    });
    const error = await failure(project);
    assert.equal(error.code, "MIQRO_CLIENT_BUILTIN");
    assert.equal(error.file, project.path("lib/b.js"));
    assert.deepEqual(error.chain, ["/js/app.js", "app.js:2", "lib/a.js:1", "lib/b.js:3", "node:fs"]);
    assert.equal(
      error.message,
      '"node:fs" is a module of Node.js and does not exist in browsers; move the code that needs it to a module that ' +
        "no client script imports. The chain of imports is /js/app.js -> app.js:2 -> lib/a.js:1 -> lib/b.js:3 -> node:fs.",
    );
  });

  it("names the source of the entry instead of the compiled file", async (context) => {
    const project = await createProjectFolder(context, { "out/app.js": 'import "fs";', "app.min.tsx": "" });
    const adding = createClientGraph({ projectRoot: project.root }).addEntry({
      url: "/js/app.js",
      file: project.path("out/app.js"),
      source: project.path("app.min.tsx"),
    });
    await assert.rejects(adding, {
      file: project.path("app.min.tsx"),
      chain: ["/js/app.js", "app.min.tsx", "fs"],
    });
  });

  it("reports an entry that does not exist", async (context) => {
    await assertRefused(context, {}, "MIQRO_CLIENT_READ", /app\.js cannot be read/);
  });

  it("says what was probably meant by a path without a file", async (context) => {
    const files = { "lib/index.js": "", "a.js": "", "b.tsx": "" };
    const cases: readonly (readonly [string, RegExp])[] = [
      ["./a", /write "a\.js"/],
      ["./lib", /write "lib\/index\.js"/],
      ["./b.js", /"b\.tsx" beside it is not compiled/],
      ["./c.js", /run the compiler/],
      ["./a%00.js", /correct the path/],
    ];
    for (const [specifier, message] of cases) {
      await assertRefused(
        context,
        { ...files, "app.js": `import "${specifier}";` },
        "MIQRO_CLIENT_NOT_FOUND",
        message,
      );
    }
  });

  it("reports packages that are not installed and subpaths that are not exported", async (context) => {
    const files = {
      "node_modules/dep/package.json": '{"name":"dep","exports":{".":"./i.js","./hidden":null}}',
    };
    const app = (specifier: string) => ({ ...files, "app.js": `import "${specifier}";` });
    await assertRefused(context, app("nothing"), "MIQRO_CLIENT_NOT_FOUND", /run "npm install nothing"/);
    await assertRefused(
      context,
      app("@some/thing/x.js"),
      "MIQRO_CLIENT_NOT_FOUND",
      /npm install @some\/thing"/,
    );
    await assertRefused(context, app("dep/hidden"), "MIQRO_CLIENT_NOT_EXPORTED", /offer no "\.\/hidden"/);
    await assertRefused(
      context,
      app("dep/other.js"),
      "MIQRO_CLIENT_NOT_EXPORTED",
      /offer no "\.\/other\.js"/,
    );
    await assertRefused(context, app("dep"), "MIQRO_CLIENT_NOT_FOUND", /There is no file .*i\.js for "dep"/);
    await assertRefused(
      context,
      app("#none"),
      "MIQRO_CLIENT_NOT_EXPORTED",
      /not among the "imports" of .*package\.json/,
    );
  });

  it("reports a package.json that is broken", async (context) => {
    const app = { "app.js": 'import "dep";' };
    const withPackage = (json: string) => ({ ...app, "node_modules/dep/package.json": json });
    await assertRefused(
      context,
      withPackage("{"),
      "MIQRO_CLIENT_PACKAGE",
      /dep\/package\.json is not a JSON object/,
    );
    await assertRefused(context, withPackage("[]"), "MIQRO_CLIENT_PACKAGE", /is not a JSON object/);
    await assertRefused(
      context,
      withPackage('{"exports":"../x.js"}'),
      "MIQRO_CLIENT_PACKAGE",
      /invalid target/,
    );
    await assertRefused(context, withPackage("{}"), "MIQRO_CLIENT_NOT_FOUND", /has no entry/);
  });

  it("explains CommonJS of the project", async (context) => {
    const compiled = '"use strict";\nObject.defineProperty(exports, "__esModule", { value: true });';
    await assertRefused(
      context,
      { "package.json": "{}", "app.js": compiled },
      "MIQRO_CLIENT_COMMONJS",
      /set "type": "module" in the package\.json of the project/,
    );
    await assertRefused(
      context,
      { "app.js": 'import "./x.cjs";', "x.cjs": "" },
      "MIQRO_CLIENT_COMMONJS",
      /x\.cjs is a CommonJS module.* with the extension \.mjs or \.js/,
    );
  });

  it("refuses what is not JavaScript, import attributes and phases", async (context) => {
    const unsupported = "MIQRO_CLIENT_UNSUPPORTED";
    const app = (source: string) => ({
      "app.js": source,
      "d.json": "1",
      "s.css": "",
      "t.ts": "",
      "m.wasm": "",
      "a.js": "",
    });
    await assertRefused(context, app('import "./s.css"'), unsupported, /link it from the page/);
    await assertRefused(context, app('import "./t.ts"'), unsupported, /with the extension \.js/);
    await assertRefused(context, app('import "./m.wasm"'), unsupported, /m\.wasm is not a JavaScript module/);
    await assertRefused(
      context,
      app('import d from "./d.json" with { type: "text" }'),
      unsupported,
      /attributes/,
    );
    await assertRefused(
      context,
      app('import("./a.js", { with: { type: "css" } })'),
      unsupported,
      /attributes/,
    );
    await assertRefused(context, app('import defer * as a from "./a.js"'), unsupported, /phases/);
  });

  it("refuses specifiers that mean nothing to a server and its browsers alike", async (context) => {
    for (const specifier of [
      "/etc/passwd",
      "file:///etc/passwd",
      "//host/x.js",
      "",
      "@scope",
      "a:b",
      ".hidden",
      "./a.js?x",
      "./a.js#x",
      "./a%2fb.js",
    ]) {
      await assertRefused(
        context,
        { "app.js": `import "${specifier}";`, "a.js": "" },
        "MIQRO_CLIENT_SPECIFIER",
        /import "/,
      );
    }
  });

  it("reports text that is not JavaScript", async (context) => {
    await assertRefused(
      context,
      { "app.js": "let x = `${" },
      "MIQRO_CLIENT_SYNTAX",
      /app\.js is not valid JavaScript/,
    );
  });

  it("refuses private files, also behind a link and before they are read", async (context) => {
    const project = await createProjectFolder(context, {
      "app.js": 'import "./alias.js";',
      "db.js": "let x = `${",
    });
    await project.link("alias.js", "db.js");
    const isPrivate = (file: string) => (file === project.path("db.js") ? "it is a config file" : undefined);
    const error = await failure(project, { isPrivate });
    assert.equal(error.code, "MIQRO_CLIENT_PRIVATE");
    assert.match(
      error.message,
      /db\.js must not be sent to browsers: it is a config file\. The chain of imports is/,
    );
  });

  it("refuses paths out of the project, by dots and by links", async (context) => {
    const outer = await createProjectFolder(context, {
      "secret.js": "",
      "inner/app.js": 'import "../secret.js";',
    });
    const inner = {
      ...outer,
      root: outer.path("inner"),
      path: (name: string) => outer.path(`inner/${name}`),
    };
    await outer.write({ "inner/package.json": '{"type":"module"}' });
    const byDots = await failure(inner);
    assert.equal(byDots.code, "MIQRO_CLIENT_OUTSIDE");
    assert.match(byDots.message, /leads to a file outside of the project/);

    await outer.link("inner/link.js", "secret.js");
    await outer.write({ "inner/app.js": 'import "./link.js";' });
    assert.equal((await failure(inner)).code, "MIQRO_CLIENT_OUTSIDE");
  });

  it("refuses paths out of a package and into one", async (context) => {
    const dep = {
      "node_modules/dep/package.json": '{"name":"dep","exports":{".":"./i.js","./*":"./*"}}',
      "x.js": "",
    };
    const app = { "app.js": 'import "dep";' };
    const refused = (files: Files, message: RegExp) =>
      assertRefused(context, { ...dep, ...files }, "MIQRO_CLIENT_OUTSIDE", message);
    await refused({ ...app, "node_modules/dep/i.js": 'import "../../x.js";' }, /into or out of node_modules/);
    await refused(
      { ...app, "node_modules/dep/i.js": 'import "../other/i.js";', "node_modules/other/i.js": "" },
      /leads to a file outside of the package "dep"/,
    );
    await refused(
      { "app.js": 'import "./node_modules/dep/i.js";', "node_modules/dep/i.js": "" },
      /import a package by its name/,
    );

    const project = await createProjectFolder(context, { ...dep, ...app });
    await project.link("node_modules/dep/i.js", "x.js");
    assert.match((await failure(project)).message, /"dep" leads to a file outside of its package/);
  });
});
