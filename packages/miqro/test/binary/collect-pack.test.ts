import assert from "node:assert/strict";
import module from "node:module";
import { join } from "node:path";
import { afterEach, describe, it } from "node:test";
import { createProject, type Project } from "../support/project.js";

let projects: Project[] = [];
afterEach(async () => {
  for (const project of projects) await project.remove();
  projects = [];
});

const files = {
  "package.json": '{ "private": true, "name": "fixture" }',
  "app/words.ts": 'export const word: string = "hello";\n',
  "app/http/a.api.ts": 'import { word } from "../words.js";\nexport default () => word;\n',
  "app/http/b.api.js": "export default () => 1;\n",
  "app/http/about.html.md": "About",
  "app/http/_layout.html.tsx": `import JSX from "@miqro/jsx";
export default ({ children }) => <body>{children}</body>;
`,
  "app/http/js/app.min.ts": 'document.title = "client";\n',
  "app/migration/001_a.ts": "export default { up: async (db) => { await db.query('SELECT 1'); } };\n",
  "app/db.ts": 'export default { name: "main", storage: ":memory:" };\n',
};

const compilers: Readonly<Record<string, readonly string[]>> = {
  esbuild: ["miqro", "@miqro", "@types", "esbuild", "@esbuild"],
  typescript: ["miqro", "@miqro", "@types", "typescript", "@typescript"],
};

async function pack(installed: readonly string[]) {
  const project = await createProject(files, installed);
  projects.push(project);
  const { collectPack } = await import("../../dist/binary/build/collect-pack.js");
  const cwd = process.cwd();
  process.chdir(project.path);
  try {
    const composition = { services: [join(project.path, "app")], noBuild: false };
    return {
      project,
      ...(await collectPack({ composition, name: "fixture", settings: {}, onHint: () => {} })),
    };
  } finally {
    process.chdir(cwd);
  }
}

describe("collectPack", {
  skip: typeof module.registerHooks !== "function" && "needs module.registerHooks",
}, () => {
  for (const [compiler, installed] of Object.entries(compilers)) {
    it(`carries sources that ${compiler} compiles, without a word of the machine`, async () => {
      const packed = await pack(installed);
      const own = [...packed.files.keys()].filter((path) => path.startsWith("_miqro/compiled/"));
      const modules = own.filter((path) => path.endsWith(".js")).sort();
      assert.deepEqual(modules, [
        "_miqro/compiled/app/db.js",
        "_miqro/compiled/app/http/_layout.html.js",
        "_miqro/compiled/app/http/a.api.js",
        "_miqro/compiled/app/http/b.api.js",
        "_miqro/compiled/app/migration/001_a.js",
        ...(compiler === "esbuild" ? [] : ["_miqro/compiled/app/words.js"]),
      ]);
      assert.equal(packed.index.outputs["app/http/a.api.ts"], "_miqro/compiled/app/http/a.api.js");
      // Client code is in the client modules.
      assert.equal(packed.index.outputs["app/http/js/app.min.ts"], undefined);
      // The checksum of a migration is that of its source.
      assert.equal(packed.files.get("app/migration/001_a.ts")?.toString(), files["app/migration/001_a.ts"]);
      assert.match(packed.files.get("_miqro/compiled/package.json")?.toString() ?? "", /"module"/);
      const map = packed.files.get("_miqro/compiled/app/http/a.api.js.map")?.toString() ?? "{}";
      assert.ok(
        (JSON.parse(map) as { sources: string[] }).sources.includes("../../../../app/http/a.api.ts"),
        map,
      );
      const { path } = packed.project;
      const leaks = own.filter((name) => packed.files.get(name)?.includes(path));
      assert.deepEqual(leaks, []);
      assert.ok(!JSON.stringify(packed.index).includes(path));
    });
  }

  it("gives the same sources the same bytes in another folder", async () => {
    const [first, second] = [await pack(compilers.esbuild ?? []), await pack(compilers.esbuild ?? [])];
    assert.deepEqual([...first.files.keys()].sort(), [...second.files.keys()].sort());
    for (const [name, bytes] of first.files) assert.ok(second.files.get(name)?.equals(bytes), name);
    assert.deepEqual(first.index, second.index);
  });
});
