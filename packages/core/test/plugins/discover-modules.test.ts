import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { describe, it, type TestContext } from "node:test";
import { pathToFileURL } from "node:url";
import { App, ArgumentError, discoverModules, PluginError } from "@miqro/core";

const core = import.meta.resolve("@miqro/core");
const noteOf = (name: string): string => `hook("request", (req) => { (req.steps ??= []).push("${name}"); })`;

/** Writes files into a folder that the end of the test removes. */
async function write(t: TestContext, files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "miqro-modules-"));
  t.after(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, "package.json"), '{"type":"module"}');
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), text.replace('"@miqro/core"', JSON.stringify(core)));
  }
  return folder;
}

const fromCore = `import { hook, plugin } from "@miqro/core";\n`;

describe("discoverModules", () => {
  it("mounts each module as a scope at the path of its folder", async (t) => {
    const folder = await write(t, {
      "module.js": `${fromCore}
        export const meta = { plugins: [${noteOf("root")}] };
        export default (router) => { router.get("/health", (req) => req.steps); };`,
      "users/module.js": `${fromCore}
        export const meta = { plugins: [${noteOf("users")}] };
        export const routes = {
          "GET /list": (req) => req.steps,
          "post /": [() => undefined, (req) => req.method],
          "PUT /:id": { request: { params: { id: "number" } }, handler: (req) => ({ id: req.params.id }) },
        };`,
      "users/posts/module.mjs": `export default async (router) => { router.get("/", (req) => req.steps); };`,
      "admin/module.js": `${fromCore}
        export const meta = { prefix: "/back/:office", plugins: [${noteOf("admin")}] };
        export const routes = { "GET /": (req) => [...req.steps, req.params.office] };`,
      "deep/er/module.js": `export const routes = { "GET /": (req) => req.steps };`,
      "node_modules/x/module.js": "throw new Error();",
      "_private/module.js": "throw new Error();",
      "users/helper.js": "throw new Error();",
    });
    const app = new App().register(discoverModules(pathToFileURL(folder)));
    for (const [path, body] of [
      ["/health", ["root"]],
      ["/users/list", ["root", "users"]],
      ["/users/posts", ["root", "users"]],
      ["/back/7", ["root", "admin", "7"]],
      ["/deep/er", ["root"]],
    ] as const) {
      assert.deepEqual((await app.inject(path)).json(), body, path);
    }
    assert.equal((await app.inject({ method: "POST", url: "/users" })).text(), "POST");
    assert.deepEqual((await app.inject({ method: "PUT", url: "/users/12" })).json(), { id: 12 });
    assert.equal((await app.inject({ method: "PUT", url: "/users/x" })).status, 400);
    assert.equal((await app.inject("/admin")).status, 404);
  });

  it("sets up the plugins of a module before its default function, and of those around it before", async (t) => {
    const folder = await write(t, {
      "steps.js": "export const steps = [];",
      "module.js": `${fromCore} import { steps } from "./steps.js";
        const database = plugin({ name: "database", async setup() { await null; steps.push("database"); } });
        export const meta = { plugins: [database] };
        export default () => { steps.push("root"); };`,
      "users/module.js": `${fromCore} import { steps } from "../steps.js";
        export const meta = { plugins: [plugin({ name: "users", dependencies: ["database"], setup: () => { steps.push("plugin of users"); } })] };
        export default () => { steps.push("users"); };`,
    });
    await new App().register(discoverModules(folder)).ready();
    const { steps } = (await import(pathToFileURL(join(folder, "steps.js")).href)) as { steps: string[] };
    assert.deepEqual(steps, ["database", "root", "plugin of users", "users"]);
  });

  it("names all files that are wrong at once, and the fix", async (t) => {
    const folder = await write(t, {
      "empty/module.js": "export {};",
      "exports/module.js": "export const route = {}; export const Meta = {};",
      "kinds/module.js": "export const meta = []; export const routes = 1; export default {};",
      "meta/module.js": "export const meta = { plugin: [], prefix: 'people', plugins: [() => {}] };",
      "routes/module.js":
        "export const routes = { list: () => 1, 'FETCH /a': () => 1, 'GET /b': 7, 'GET /c': { handelr: 1 }, 'GET /d': [] };",
      "syntax/module.js": "export const = 1;",
      "circle/module.js": `import "./other.js"; export const a = 1; export const routes = { "GET /": () => a };`,
      "circle/other.js": `import { a } from "./module.js"; console.log(a);`,
      "names/Module.js": "",
      "names/modules.ts": "",
      "names/module.tsx": "",
    });
    await symlink(folder, join(folder, "names", "loop"));
    await assert.rejects(
      new App().register(discoverModules(folder)).listen({ port: 0 }),
      (error: PluginError) => {
        assert.ok(error instanceof PluginError && error.cause instanceof ArgumentError);
        for (const part of [
          /empty\/module\.js: It exports nothing\. Export `meta`, `routes`, or a default function/,
          /exports\/module\.js: .*"Meta"\. Perhaps "meta" was meant.*"route"\. Perhaps "routes" was meant/s,
          /kinds\/module\.js: "default" of a module must be a function.*"meta" of a module must be an object, not an array.*"routes" of a module must be an object, not 1/s,
          /meta\/module\.js: .*no "plugin"\. Perhaps "plugins" was meant.*"prefix" of the `meta` of a module must be a path such as "\/people", not "people".*`register` takes a plugin/s,
          /routes\/module\.js: .*"list" is not a route.*"FETCH" is not a method.*"GET \/b" is 7.*"GET \/c" is a declaration without a `handler`.*"GET \/d" has an empty array/s,
          /syntax\/module\.js cannot be loaded/,
          /circle\/module\.js cannot be loaded: .*before initialization.*move the code that both need/,
          /names\/Module\.js is not read as a module\. Name it module\.js/,
          /names\/modules\.ts is not read as a module\. Name it module\.ts/,
          /names\/module\.tsx is not read as a module\. Name it module\.ts or module\.js/,
          /names\/loop is a link that leads back/,
        ]) {
          assert.match(error.message, part);
        }
        return true;
      },
    );
  });

  it("names the plugin and the file where a module fails as it starts", async (t) => {
    for (const [text, message] of [
      [
        `${fromCore} export const meta = { plugins: [plugin({ name: "database", setup() { throw new Error("no connection"); } })] };`,
        /The plugin "database" of .*users\/module\.js failed: no connection/,
      ],
      [
        `export default async () => { throw new Error("no table"); };`,
        /The plugin "default function" of .*users\/module\.js failed: no table/,
      ],
      [
        `export default () => new Promise(() => {});`,
        /The plugin "default function" of .*users\/module\.js did not settle within 30 ms/,
      ],
    ] as const) {
      const folder = await write(t, { "users/module.js": text });
      const app = new App({ bootTimeout: 30 }).register(discoverModules(folder));
      await assert.rejects(app.ready(), message);
    }
  });

  it("says so where there is no module, or no folder", async (t) => {
    const folder = await write(t, {});
    await assert.rejects(
      new App().register(discoverModules(folder)).ready(),
      /There is no module in .*Add a file module\.js/,
    );
    await assert.rejects(
      new App().register(discoverModules(join(folder, "none"))).ready(),
      /The modules of .*none cannot be read: ENOENT/,
    );
    assert.throws(() => discoverModules("" as never), /takes the path of a folder or its URL/);
  });
});
