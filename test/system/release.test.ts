import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const run = promisify(execFile);
const script = fileURLToPath(new URL("../../scripts/release.ts", import.meta.url));

/** Packages by their folders: their versions, and what they need. */
const workspace: Readonly<
  Record<string, readonly [version: string, needs: Readonly<Record<string, string>>]>
> = {
  parser: ["0.1.0", {}],
  jsx: ["1.4.2", {}],
  core: ["0.1.0", { "@miqro/parser": "^0.1.0" }],
  miqro: ["0.1.3", { "@miqro/core": "^0.1.0", "@miqro/jsx": "^1.4.2", "@miqro/parser": "^0.1.0" }],
};
const nameOf = (folder: string) => (folder === "miqro" ? folder : `@miqro/${folder}`);

describe("npm run release", () => {
  let root: string;
  const write = async (files: Readonly<Record<string, string | object>>) => {
    for (const [path, value] of Object.entries(files)) {
      await mkdir(dirname(join(root, path)), { recursive: true });
      await writeFile(
        join(root, path),
        typeof value === "string" ? value : `${JSON.stringify(value, null, 2)}\n`,
      );
    }
  };
  const read = (path: string) => readFile(join(root, path), "utf8");
  const json = async (path: string) => JSON.parse(await read(path));
  const release = (...args: string[]) =>
    run(process.execPath, [script, ...args, "--root", root]).then(
      ({ stdout }) => ({ code: 0, output: stdout }),
      ({ code, stdout, stderr }) => ({ code, output: `${stdout}${stderr}` }),
    );
  /** Versions after a release was prepared. */
  const versions = async () => {
    const found: Record<string, string> = {};
    for (const folder of Object.keys(workspace)) {
      found[folder] = (await json(`packages/${folder}/package.json`)).version;
    }
    return found;
  };

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), "miqro-release-"));
    await write({ "package.json": { private: true, workspaces: ["packages/*", "examples/*"] } });
    for (const [folder, [version, dependencies]] of Object.entries(workspace)) {
      const manifest = {
        name: nameOf(folder),
        version,
        files: ["dist", "CHANGELOG.md"],
        main: "./dist/index.js",
      };
      await write({
        [`packages/${folder}/package.json`]: { ...manifest, dependencies },
        [`packages/${folder}/CHANGELOG.md`]: `# Changelog\n\n## ${version}\n\n- The first.\n`,
        [`packages/${folder}/README.md`]: "",
        [`packages/${folder}/LICENSE`]: "",
        [`packages/${folder}/dist/index.js`]: "",
      });
    }
    await write({
      "examples/app/package.json": {
        name: "app",
        version: "0.0.0",
        private: true,
        dependencies: { miqro: "^0.1.3", "@miqro/parser": "^0.1.0" },
      },
    });
  });
  afterEach(() => rm(root, { recursive: true, force: true }));

  it("raises what a change of parser alone takes: all whose range would exclude it", async () => {
    await write({ "changes/a.md": "---\nparser: minor\n---\n\n`parse` is stricter.\n" });
    const { output } = await release("prepare");
    assert.deepEqual(await versions(), { parser: "0.2.0", jsx: "1.4.2", core: "0.2.0", miqro: "0.2.0" });
    assert.deepEqual((await json("packages/miqro/package.json")).dependencies, {
      "@miqro/core": "^0.2.0",
      "@miqro/jsx": "^1.4.2",
      "@miqro/parser": "^0.2.0",
    });
    assert.deepEqual((await json("examples/app/package.json")).dependencies, {
      miqro: "^0.2.0",
      "@miqro/parser": "^0.2.0",
    });
    assert.equal((await json("examples/app/package.json")).version, "0.0.0");
    assert.equal(
      await read("packages/parser/CHANGELOG.md"),
      "# Changelog\n\n## 0.2.0\n\n- `parse` is stricter.\n\n## 0.1.0\n\n- The first.\n",
    );
    assert.match(
      await read("packages/core/CHANGELOG.md"),
      /^# Changelog\n\n## 0\.2\.0\n\n- It needs `@miqro\/parser` \^0\.2\.0\.\n\n## 0\.1\.0/,
    );
    assert.equal(await read("packages/jsx/CHANGELOG.md"), "# Changelog\n\n## 1.4.2\n\n- The first.\n");
    assert.deepEqual(await readdir(join(root, "changes")), []);
    assert.match(output, /@miqro\/core 0\.1\.0 -> 0\.2\.0\n\s+@miqro\/parser \^0\.1\.0 -> \^0\.2\.0/);
  });

  it("raises parser alone for what breaks nobody", async () => {
    await write({ "changes/a.md": '---\n"@miqro/parser": patch\n---\nA bug is gone.\n' });
    await release("prepare");
    assert.deepEqual(await versions(), { parser: "0.1.1", jsx: "1.4.2", core: "0.1.0", miqro: "0.1.3" });
    assert.equal((await json("packages/core/package.json")).dependencies["@miqro/parser"], "^0.1.0");
  });

  it("raises core and what needs it for a change of core alone, and not what core needs", async () => {
    await write({ "changes/a.md": "---\ncore: minor\n---\nRoutes are found faster.\n" });
    await release("prepare");
    assert.deepEqual(await versions(), { parser: "0.1.0", jsx: "1.4.2", core: "0.2.0", miqro: "0.2.0" });
  });

  it("raises each by the most that is asked of it for a change in all", async () => {
    await write({
      "changes/a.md": "---\nparser: patch\njsx: major\ncore: patch\nmiqro: patch\n---\nEverything is new.\n",
      "changes/b.md": "---\njsx: minor\ncore: minor\n---\n- One thing.\n- Another.\n",
    });
    await release("prepare");
    assert.deepEqual(await versions(), { parser: "0.1.1", jsx: "2.0.0", core: "0.2.0", miqro: "0.2.0" });
    assert.equal((await json("packages/miqro/package.json")).dependencies["@miqro/jsx"], "^2.0.0");
    assert.match(
      await read("packages/jsx/CHANGELOG.md"),
      /## 2\.0\.0\n\n- Everything is new\.\n- One thing\.\n- Another\.\n\n## 1\.4\.2/,
    );
  });

  it("tells and changes nothing with --dry-run, in order of dependence", async () => {
    await write({ "changes/a.md": "---\nparser: minor\n---\nNew.\n" });
    const { code, output } = await release("--dry-run");
    assert.equal(code, 0, output);
    assert.deepEqual(Object.values(await versions()), ["0.1.0", "1.4.2", "0.1.0", "0.1.3"]);
    assert.deepEqual(await readdir(join(root, "changes")), ["a.md"]);
    const order = Array.from(
      output.matchAll(/publish \.\/packages\/(\w+) --provenance/g),
      ([, name]) => name,
    );
    assert.equal(order.length, 4);
    assert.equal(order.at(-1), "miqro");
    assert.ok(order.indexOf("parser") < order.indexOf("core"));
  });

  it("refuses notes that say nothing, or name what is not there, all at once", async () => {
    await write({
      "changes/a.md": "no head\n",
      "changes/b.md": "---\nparsr: minor\ncore: huge\napp: patch\n---\n",
    });
    const { code, output } = await release("prepare");
    assert.equal(code, 1);
    assert.match(output, /a\.md: it must begin with the packages/);
    assert.match(output, /b\.md: "parsr: minor" names no package\. Packages are: core, jsx, miqro, parser\./);
    assert.match(output, /b\.md: "huge" of core must be patch, minor or major/);
    assert.match(output, /b\.md: "app: patch" names no package/);
    assert.match(output, /b\.md: it says nothing about the change/);
  });

  const archives: readonly (readonly [string, Readonly<Record<string, string | object>>, RegExp])[] = [
    [
      "without its entry",
      { "packages/core/package.json": { main: "./dist/gone.js" } },
      /dist\/gone\.js is missing/,
    ],
    ["with maps", { "packages/core/dist/index.js.map": "{}" }, /dist\/index\.js\.map must not be published/],
    [
      "with a script for installs",
      { "packages/core/package.json": { scripts: { postinstall: "node x.js" } } },
      /"postinstall" in scripts would run/,
    ],
    [
      "with a range for this disk only",
      { "packages/core/package.json": { dependencies: { "@miqro/parser": "file:../parser" } } },
      /file:\.\.\/parser of @miqro\/parser is not for others/,
    ],
  ];
  for (const [what, files, message] of archives) {
    it(`refuses an archive ${what}`, async () => {
      for (const [path, value] of Object.entries(files)) {
        await write({ [path]: typeof value === "string" ? value : { ...(await json(path)), ...value } });
      }
      const { code, output } = await release("publish", "--dry-run");
      assert.equal(code, 1, output);
      assert.match(output, message);
    });
  }

  it("publishes from a workflow with provenance only", async () => {
    const { code, output } = await release("publish");
    assert.equal(code, 1);
    assert.match(output, /Provenance needs a workflow/);
  });
});
