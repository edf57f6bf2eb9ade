import assert from "node:assert/strict";
import { describe, it, type TestContext } from "node:test";
import { createClientGraph } from "../../dist/client-graph/client-graph.js";
import { createProjectFolder, type Files, type ProjectFolder } from "../support/project-folder.js";

/** The modules of an entry, without the code that imports them. */
async function served(
  project: ProjectFolder,
  projectRoot = project.root,
  file = "app.js",
): Promise<string[]> {
  const graph = createClientGraph({ projectRoot });
  const { preload } = await graph.addEntry({ url: "/app.js", file: `${projectRoot}/${file}` });
  return preload.slice(1).map((url) => graph.get(url)?.body.toString() ?? "");
}

async function servedBy(context: TestContext, files: Files): Promise<string[]> {
  return served(await createProjectFolder(context, files));
}

describe("the modules of packages", () => {
  it("come from module, then main, where there are no exports", async (context) => {
    const app = { "app.js": 'import "dep";' };
    const dep = {
      "node_modules/dep/m.js": "export let m;",
      "node_modules/dep/lib/index.js": "export let l;",
    };
    const json = (text: string) => ({ ...app, ...dep, "node_modules/dep/package.json": text });
    assert.deepEqual(await servedBy(context, json('{"module":"m.js","main":"lib"}')), ["export let m;"]);
    assert.deepEqual(await servedBy(context, json('{"module":"./none.js","main":"./m"}')), ["export let m;"]);
    assert.deepEqual(await servedBy(context, json('{"main":"./lib"}')), ["export let l;"]);
    const plain = { ...app, "node_modules/dep/index.js": "export let i;" };
    assert.deepEqual(await servedBy(context, plain), ["export let i;"]);
  });

  it("are found by subpath as files where there are no exports", async (context) => {
    const files = {
      "app.js": 'import "@s/dep/lib/a.js";',
      "node_modules/@s/dep/package.json": '{"name":"@s/dep"}',
    };
    assert.deepEqual(await servedBy(context, { ...files, "node_modules/@s/dep/lib/a.js": "export let a;" }), [
      "export let a;",
    ]);
  });

  it("come from the nearest node_modules upwards, past the project's folder", async (context) => {
    const project = await createProjectFolder(context, {
      "apps/blog/package.json": '{"name":"blog","type":"module"}',
      "apps/blog/app.js": 'import "near"; import "far";',
      "apps/blog/node_modules/near/index.js": "export let nearest;",
      "node_modules/near/index.js": "export let farther;",
      "node_modules/far/index.js": "export let far;",
    });
    assert.deepEqual(await served(project, project.path("apps/blog")), [
      "export let nearest;",
      "export let far;",
    ]);
  });

  it("may be links to folders of the same workspace", async (context) => {
    const project = await createProjectFolder(context, {
      "apps/blog/app.js": 'import "@w/ui";',
      "packages/ui/package.json": '{"name":"@w/ui","type":"module","exports":"./src/index.js"}',
      "packages/ui/src/package.json": '{"type":"module"}',
      "packages/ui/src/index.js": 'export * from "../lib/a.js";',
      "packages/ui/lib/a.js": "export let a;",
    });
    await project.link("node_modules/@w/ui", "packages/ui");
    const [, a] = await served(project, project.path("apps/blog"));
    assert.equal(a, "export let a;");
    assert.equal((await served(project, project.root, "apps/blog/app.js")).length, 2);
    await project.write({ "packages/ui/src/index.js": 'import "../../../secret.js";', "secret.js": "" });
    await assert.rejects(served(project, project.path("apps/blog")), {
      message: /leads to a file outside of the package "@w\/ui"/,
    });
  });

  it("may be installed as pnpm does it, with CommonJS, maps and files beside them", async (context) => {
    const store = "node_modules/.pnpm";
    const project = await createProjectFolder(context, {
      "app.js": 'import "dep";',
      [`${store}/dep@1/node_modules/dep/package.json`]: '{"name":"dep","browser":{"./n":"./b"},"main":"./n"}',
      [`${store}/dep@1/node_modules/dep/b.js`]:
        'module.exports = [require("peer"), require("./lib"), import("./esm.mjs")];',
      [`${store}/dep@1/node_modules/dep/lib/index.js`]: 'exports.lib = "lib";',
      [`${store}/dep@1/node_modules/dep/esm.mjs`]:
        'export const url = new URL("./logo.svg", import.meta.url);',
      [`${store}/dep@1/node_modules/dep/logo.svg`]: "<svg/>",
      [`${store}/peer@2/node_modules/peer/package.json`]: '{"name":"peer"}',
      [`${store}/peer@2/node_modules/peer/index.js`]: 'exports.peer = "peer";',
    });
    await project.link("node_modules/dep", `${store}/dep@1/node_modules/dep`);
    await project.link(`${store}/dep@1/node_modules/peer`, `${store}/peer@2/node_modules/peer`);
    const graph = createClientGraph({ projectRoot: project.root });
    const { preload, warnings } = await graph.addEntry({ url: "/app.js", file: project.path("app.js") });
    const texts = preload.map((url) => graph.get(url)?.body.toString() ?? "").join("\n");
    assert.deepEqual(warnings, []);
    assert.match(texts, /exports\.lib = "lib"/);
    assert.match(texts, /exports\.peer = "peer"/);
    const lazy = /import\("\.\.(\/[^"]+)"\)/.exec(texts)?.[1];
    const logo = /new URL\("\.\.(\/[^"]+)"/.exec(graph.get(`/_miqro${lazy}`)?.body.toString() ?? "")?.[1];
    assert.equal(graph.get(`/_miqro${logo}`)?.body.toString(), "<svg/>");
  });

  it("are preferred to parts of Node.js of the same name", async (context) => {
    const files = { "app.js": 'import "events";', "node_modules/events/index.js": "export let e;" };
    assert.deepEqual(await servedBy(context, files), ["export let e;"]);
  });

  it("may be reached through the imports of the project", async (context) => {
    const files = {
      "package.json":
        '{"type":"module","imports":{"#dep":{"node":"./n.js","default":"dep"},"#lib/*":"./lib/*.js"}}',
      "app.js": 'import "#dep"; import "#lib/a";',
      "lib/a.js": "export let a;",
      "node_modules/dep/index.js": "export let dep;",
    };
    assert.deepEqual(await servedBy(context, files), ["export let dep;", "export let a;"]);
  });

  it("are ES modules by their syntax, whatever their package.json says", async (context) => {
    const esm = "export const require = () => module.exports;";
    const files = { "app.js": 'import "esm";', "node_modules/esm/index.js": esm };
    assert.deepEqual(await servedBy(context, files), [esm]);
  });
});

describe("the modules of the project", () => {
  it("may be compiled into a cache in node_modules", async (context) => {
    const project = await createProjectFolder(context, {
      "node_modules/.cache/miqro/app.js": 'import "./lib.js"; import "dep";',
      "node_modules/.cache/miqro/lib.js": "export let lib;",
      "node_modules/dep/index.js": "export let dep;",
    });
    assert.deepEqual(await served(project, project.root, "node_modules/.cache/miqro/app.js"), [
      "export let lib;",
      "export let dep;",
    ]);
  });

  it("may lie behind a link to the project's folder", async (context) => {
    const project = await createProjectFolder(context, {
      "real/package.json": '{"type":"module"}',
      "real/app.js": 'import "./a.js";',
      "real/a.js": "export let a;",
    });
    await project.link("link", "real");
    assert.deepEqual(await served(project, project.path("link")), ["export let a;"]);
  });

  it("may have paths with spaces and percent signs", async (context) => {
    const files = { "app.js": 'import "./a%20b/100%25.js";', "a b/100%.js": "export let a;" };
    assert.deepEqual(await servedBy(context, files), ["export let a;"]);
  });
});
