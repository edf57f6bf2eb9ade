import assert from "node:assert/strict";
import { afterEach, describe, it } from "node:test";
import { readModule, toFilePattern } from "../../dist/binary/build/read-module.js";
import { createProject, type Project } from "../support/project.js";

let project: Project | undefined;
afterEach(() => project?.remove());

async function read(name: string, text: string) {
  project = await createProject({ [name]: text });
  const { references, ...rest } = await readModule(`${project.path}/${name}`);
  return { ...rest, references: references.map(({ specifier, by }) => `${by} ${specifier}`) };
}

describe("readModule", () => {
  const cases: readonly [name: string, text: string, references: readonly string[]][] = [
    ["a.js", 'import a from "a"; export * from "./b.js";', ["import a", "import ./b.js"]],
    ["a.js", 'await import("./a.js"); // import("./no.js")', ["dynamic import ./a.js"]],
    ["a.js", 'import data from "./data.json" with { type: "json" };', ["import ./data.json"]],
    [
      "a.js",
      'new URL("./a.txt", import.meta.url); load(import.meta.url, "../b.js");',
      ["file ./a.txt", "file ../b.js"],
    ],
    ["a.js", 'const require = createRequire(import.meta.url); require("./a.cjs");', ["require ./a.cjs"]],
    ["a.cjs", 'const a = require("a"); /* require("b") */ "require(c)"; x.require("d");', ["require a"]],
    [
      "a.cjs",
      'try { require("./native") } catch {} import("./later.js");',
      ["require ./native", "dynamic import ./later.js"],
    ],
    ["a.js", "export default (", []],
  ];
  for (const [name, text, references] of cases) {
    it(`reads ${text}`, async () => assert.deepEqual((await read(name, text)).references, references));
  }

  it("tells modules from CommonJS", async () => {
    assert.equal((await read("a.js", "export default 1;")).format, "module");
    assert.equal((await read("a.cjs", "exports.a = 1;")).format, "commonjs");
    assert.equal((await read("a.mjs", "")).format, "module");
    assert.equal((await read("a.json", "{}")).format, "json");
    const types = { "package.json": '{ "name": "p" }', "a.js": "module.exports = 1;", "b.js": "export {};" };
    project = await createProject(
      Object.fromEntries(Object.entries(types).map(([name, text]) => [`p/${name}`, text])),
    );
    assert.equal((await readModule(`${project.path}/p/a.js`)).format, "commonjs");
    assert.equal((await readModule(`${project.path}/p/b.js`)).format, "module");
  });

  it("tells names that only running the module makes", async () => {
    assert.equal((await read("a.js", "await import(name);")).isOpen, true);
    assert.equal((await read("a.cjs", "require(name);")).isOpen, true);
    const { isOpen, patterns } = await read("a.js", `await import(\`./words/\${language}.js\`);`);
    assert.deepEqual([isOpen, patterns], [false, ["./words/*.js"]]);
  });
});

describe("toFilePattern", () => {
  it("names the folder, and fits the files below it", () => {
    const { folder, pattern } = toFilePattern("/p/app/a.js", "../words/*.js") ?? {};
    assert.equal(folder, "/p/words");
    assert.match("/p/words/en.js", pattern ?? /^$/);
    assert.doesNotMatch("/p/words/en.json", pattern ?? /^/);
    assert.equal(toFilePattern("/p/a.js", "*"), undefined);
  });
});
