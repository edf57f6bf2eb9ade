import assert from "node:assert/strict";
import { mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, it } from "node:test";
import { createOutputFinder, whyNotModule } from "../dist/build/output-finder.js";

let root: string;
beforeEach(async () => {
  root = await realpath(await mkdtemp(join(tmpdir(), "miqro-output-")));
});
afterEach(() => rm(root, { recursive: true, force: true }));

async function write(files: Readonly<Record<string, unknown>>): Promise<void> {
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(root, name)), { recursive: true });
    await writeFile(join(root, name), typeof content === "string" ? content : JSON.stringify(content));
  }
}

/** The output of a source, relative to the temporary folder. */
const find = (source: string) =>
  createOutputFinder()
    .find(join(root, source))
    .file.slice(root.length + 1);

describe("createOutputFinder", () => {
  it("finds outputs below outDir, relative to the config's folder", async () => {
    await write({ "tsconfig.json": { compilerOptions: { outDir: "dist" } }, "app/http/index.html.tsx": "" });
    assert.equal(find("app/http/index.html.tsx"), "dist/app/http/index.html.js");
  });

  it("finds outputs relative to rootDir", async () => {
    await write({
      "tsconfig.json": { compilerOptions: { rootDir: "src", outDir: "out" } },
      "src/app/db.ts": "",
    });
    assert.equal(find("src/app/db.ts"), "out/app/db.js");
  });

  it("finds outputs beside their sources without outDir, and keeps the module kind", async () => {
    await write({ "tsconfig.json": {}, "app/db.mts": "", "app/ws.cts": "" });
    assert.equal(find("app/db.mts"), "app/db.mjs");
    assert.equal(find("app/ws.cts"), "app/ws.cjs");
  });

  it("follows extends, whose paths belong to the extended config", async () => {
    await write({
      "base/tsconfig.json": { compilerOptions: { rootDir: "..", outDir: "../dist" } },
      "project/tsconfig.json":
        '// with a comment\n{ "extends": "../base/tsconfig.json", "include": ["app"], }',
      "project/app/db.ts": "",
    });
    assert.equal(find("project/app/db.ts"), "dist/project/app/db.js");
  });

  it("follows references of a config that compiles nothing itself", async () => {
    await write({
      "tsconfig.json": { files: [], references: [{ path: "./other" }, { path: "./tsconfig.app.json" }] },
      "other/tsconfig.json": { compilerOptions: { outDir: "dist" } },
      "tsconfig.app.json": { compilerOptions: { rootDir: ".", outDir: "dist" }, include: ["app"] },
      "app/db.ts": "",
    });
    assert.equal(find("app/db.ts"), "dist/app/db.js");
  });

  it("goes on upwards from a config that does not include the file", async () => {
    await write({
      "tsconfig.json": { compilerOptions: { outDir: "dist" } },
      "app/tsconfig.json": { compilerOptions: { outDir: "elsewhere" }, include: ["other"] },
      "app/db.ts": "",
    });
    assert.equal(find("app/db.ts"), "dist/app/db.js");
  });

  it("takes JavaScript as it is, unless a config compiles it to somewhere else", async () => {
    await write({ "tsconfig.json": { compilerOptions: { outDir: "dist" } }, "app/db.js": "" });
    assert.equal(find("app/db.js"), "app/db.js");
    await write({ "tsconfig.json": { compilerOptions: { allowJs: true, outDir: "dist" } } });
    assert.equal(find("app/db.js"), "dist/app/db.js");
    assert.equal(find("app/page.html.jsx"), "dist/app/page.html.js");
  });

  it("follows references of references", async () => {
    await write({
      "tsconfig.json": { files: [], references: [{ path: "./a.json" }] },
      "a.json": { files: [], references: [{ path: "./b.json" }, { path: "./tsconfig.json" }] },
      "b.json": { compilerOptions: { outDir: "dist" }, include: ["app"] },
      "app/db.ts": "",
    });
    assert.equal(find("app/db.ts"), "dist/app/db.js");
  });

  it("knows outputs whose source is gone", async () => {
    await write({ "tsconfig.json": { compilerOptions: { outDir: "dist" } }, "app/db.tsx": "" });
    assert.equal(createOutputFinder().isOrphan(join(root, "dist/app/db.js")), false);
    assert.equal(createOutputFinder().isOrphan(join(root, "dist/app/gone.js")), true);
    assert.equal(createOutputFinder().isOrphan(join(root, "app/plain.js")), false);
  });

  it("knows that tsc copies JSON, and writes no other files", async () => {
    await write({ "tsconfig.json": { compilerOptions: { outDir: "dist" } }, "app/data.json": {} });
    assert.equal(createOutputFinder().isOrphan(join(root, "dist/app/data.json")), false);
    assert.equal(createOutputFinder().isOrphan(join(root, "dist/app/gone.json")), true);
    assert.equal(createOutputFinder().isOrphan(join(root, "dist/app/built.wasm")), false);
  });

  it("finds the sources of a compiled folder, where they are there", async () => {
    await write({
      "tsconfig.json": { compilerOptions: { outDir: "dist" } },
      "app/db.ts": "",
      "dist/app/db.js": "",
    });
    assert.equal(createOutputFinder().sourceFolderOf(join(root, "dist/app")), join(root, "app"));
    assert.equal(createOutputFinder().sourceFolderOf(join(root, "dist/gone")), undefined);
    assert.equal(createOutputFinder().sourceFolderOf(join(root, "app")), undefined);
  });

  const faults: readonly (readonly [what: string, files: Record<string, unknown>, message: RegExp])[] = [
    ["no config", { "app/db.ts": "" }, /no tsconfig\.json compiles it\. Run "miqro --install-tsconfig"/],
    [
      "noEmit",
      { "tsconfig.json": { compilerOptions: { noEmit: true } }, "app/db.ts": "" },
      /remove "noEmit": true/,
    ],
    [
      "emitDeclarationOnly",
      { "tsconfig.json": { compilerOptions: { emitDeclarationOnly: true } }, "app/db.ts": "" },
      /remove "emitDeclarationOnly": true/,
    ],
    [
      "a module kind that is not ES",
      { "tsconfig.json": { compilerOptions: { module: "CommonJS" } }, "app/db.ts": "" },
      /set "module": "nodenext" in place of/i,
    ],
    [
      "a config that leaves it out",
      { "tsconfig.json": { include: ["lib"] }, "app/db.ts": "" },
      /does not compile it/,
    ],
    [
      "a file outside of rootDir",
      { "tsconfig.json": { compilerOptions: { rootDir: "src", outDir: "out" } }, "app/db.ts": "" },
      /outside of the "rootDir"/,
    ],
    [
      "a config that cannot be read",
      { "tsconfig.json": { extends: "./gone.json" }, "app/db.ts": "" },
      /tsconfig\.json cannot be read/,
    ],
  ];
  for (const [what, files, message] of faults) {
    it(`explains ${what}`, async () => {
      await write(files);
      assert.throws(() => find("app/db.ts"), { name: "MiqroError", message });
    });
  }
});

describe("whyNotModule", () => {
  it('asks for "type": "module" only where it is needed', async () => {
    await write({ "a/package.json": { type: "module" }, "b/package.json": {}, "c/package.json": "[" });
    assert.equal(whyNotModule(join(root, "a/x.js")), undefined);
    assert.equal(whyNotModule(join(root, "b/x.mjs")), undefined);
    assert.match(whyNotModule(join(root, "b/x.js")) ?? "", /lacks "type": "module"/);
    assert.match(whyNotModule(join(root, "c/x.js")) ?? "", /cannot be read/);
  });
});
