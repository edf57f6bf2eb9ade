import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { closestName } from "@miqro/parser/closest-name";

const cases: readonly (readonly [
  name: string,
  candidates: readonly string[],
  closest: string | undefined,
])[] = [
  ["prot", ["host", "port"], "port"],
  ["PORT", ["host", "port"], "port"],
  ["port", ["Port"], "Port"],
  ["prt", ["port"], "port"],
  ["portt", ["port"], "port"],
  ["pirt", ["port"], "port"],
  ["pi", ["port"], undefined],
  ["x", ["y", "port"], "y"],
  ["", ["a"], "a"],
  ["", ["ab"], undefined],
  ["a", [], undefined],
  ["cat", ["bat", "hat"], "bat"],
  ["minLenght", ["maxLength", "minLength"], "minLength"],
  ["sesion", ["server", "session"], "session"],
  ["handler", ["timeout"], undefined],
  ["naïve", ["naive"], "naive"],
  ["a".repeat(30), ["a".repeat(31)], "a".repeat(31)],
  ["a".repeat(31), ["a".repeat(31)], undefined],
];

describe("closestName", () => {
  for (const [name, candidates, closest] of cases) {
    it(`finds ${JSON.stringify(closest)} for ${JSON.stringify(name)} among ${JSON.stringify(candidates)}`, () => {
      assert.equal(closestName(name, candidates), closest);
    });
  }

  it("takes any iterable and reads no more than 100 of it", () => {
    let read = 0;
    function* names() {
      for (;;) yield `name${read++}`;
    }
    assert.equal(closestName("nome7", names()), "name7");
    assert.ok(read <= 101, `${read} were read`);
  });

  it("loads one module that imports nothing", () => {
    const entry = fileURLToPath(import.meta.resolve("@miqro/parser/closest-name"));
    const imports = [...readFileSync(entry, "utf8").matchAll(/from "([^"]+)"/g)].map(([, path]) => path);
    assert.deepEqual(imports, ["./text/closest-name.js"]);
    const leaf = readFileSync(new URL("text/closest-name.js", `file://${entry}`), "utf8");
    assert.doesNotMatch(leaf, /^import\b|\bimport\(/m);
  });
});
