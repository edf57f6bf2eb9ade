import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { PackageMapError, resolvePackageMap } from "../../dist/client-graph/package-map.js";

const browser = new Set(["browser", "import"]);
const exported = (map: unknown, key = ".") => resolvePackageMap("exports", map, key, browser);
const imported = (map: unknown, key: string) => resolvePackageMap("imports", map, key, browser);

describe("resolvePackageMap", () => {
  it("takes a string, a list or conditions alone as the main export", () => {
    assert.equal(exported("./index.js"), "./index.js");
    assert.equal(exported(["./index.js"]), "./index.js");
    assert.equal(exported({ default: "./index.js" }), "./index.js");
    assert.equal(exported("./index.js", "./other"), undefined);
  });

  it("takes the first condition that holds, in the order of the map", () => {
    assert.equal(exported({ node: "./n.js", import: "./i.js", browser: "./b.js" }), "./i.js");
    assert.equal(exported({ browser: "./b.js", import: "./i.js" }), "./b.js");
    assert.equal(exported({ require: "./r.cjs", default: "./d.js" }), "./d.js");
    assert.equal(exported({ node: "./n.js" }), undefined);
  });

  it("goes on when nothing within a condition holds, and stops at null", () => {
    assert.equal(exported({ browser: { require: "./b.cjs" }, import: "./i.js" }), "./i.js");
    assert.equal(exported({ browser: null, import: "./i.js" }), undefined);
    assert.equal(exported({ browser: { import: null }, default: "./d.js" }), undefined);
  });

  it("finds subpaths and prefers the exact one", () => {
    const map = { ".": "./index.js", "./a": "./dist/a.js", "./*": "./any/*.js" };
    assert.equal(exported(map), "./index.js");
    assert.equal(exported(map, "./a"), "./dist/a.js");
    assert.equal(exported(map, "./b/c"), "./any/b/c.js");
    assert.equal(exported({ "./a": "./a.js" }), undefined);
  });

  it("prefers the pattern with the longest part before its star", () => {
    const map = {
      "./*": "./1/*",
      "./features/*": "./2/*",
      "./features/*.js": "./3/*.js",
      "./features/private/*": null,
    };
    assert.equal(exported(map, "./x"), "./1/x");
    assert.equal(exported(map, "./features/x"), "./2/x");
    assert.equal(exported(map, "./features/x.js"), "./3/x.js");
    assert.equal(exported(map, "./features/private/x.js"), undefined);
    assert.equal(exported(map, "./features/"), undefined);
  });

  it("replaces every star by the same text, and as it is", () => {
    assert.equal(exported({ "./*": "./*/*.js" }, "./a"), "./a/a.js");
    assert.equal(exported({ "./*": "./*.js" }, "./$&"), "./$&.js");
  });

  it("takes the first target of a list that is valid", () => {
    assert.equal(exported(["std:core", "./fallback.js"]), "./fallback.js");
    assert.equal(exported([{ node: "./n.js" }, "./fallback.js"]), "./fallback.js");
    assert.throws(() => exported(["std:core"]), PackageMapError);
    assert.equal(exported([]), undefined);
  });

  it("refuses targets and matches that leave the package", () => {
    for (const target of [
      "../x.js",
      "x.js",
      "/x.js",
      "./../x.js",
      "./a/../../x.js",
      "./node_modules/x.js",
      "./%2e%2e/x",
    ]) {
      assert.throws(() => exported(target), PackageMapError, target);
    }
    for (const match of ["../x", "a/../../x", "node_modules/x", "..\\x", "%2E%2e/x"]) {
      assert.throws(() => exported({ "./*": "./dist/*" }, `./${match}`), PackageMapError, match);
    }
  });

  it("refuses maps that mix subpaths and conditions, and conditions that are numbers", () => {
    assert.throws(() => exported({ ".": "./a.js", import: "./b.js" }), PackageMapError);
    assert.throws(() => exported({ 0: "./a.js" }), PackageMapError);
    assert.throws(() => exported(7), PackageMapError);
  });

  it("does not take inherited properties for keys or conditions", () => {
    assert.equal(exported({ "./a": "./a.js" }, "./constructor"), undefined);
    assert.equal(imported({}, "toString"), undefined);
    assert.equal(exported(JSON.parse('{"__proto__": {"import": "./p.js"}}')), undefined);
  });

  it("lets imports point at packages", () => {
    const map = {
      "#dep": { node: "dep-node", default: "dep" },
      "#lib/*": "./lib/*.js",
      "#pkg/*": "pkg/*",
      "#none": null,
    };
    assert.equal(imported(map, "#dep"), "dep");
    assert.equal(imported(map, "#lib/a"), "./lib/a.js");
    assert.equal(imported(map, "#pkg/a"), "pkg/a");
    assert.equal(imported(map, "#none"), undefined);
    assert.throws(() => imported({ "#up": "../up.js" }, "#up"), PackageMapError);
  });
});
