import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { fileKind, isServedFile, routeToken } from "../dist/http-files/kind.js";
import { pathShape, routePaths } from "../dist/http-files/route-paths.js";

describe("fileKind", () => {
  const kinds: readonly (readonly [name: string, kind: string, ...names: string[]])[] = [
    ["index.html.tsx", "page", "index.html"],
    ["a.b.html.js", "page", "a.b.html"],
    ["list.api.ts", "api", "list"],
    ["v1.list.api.mjs", "api", "v1.list"],
    ["feed.json.ts", "json", "feed.json"],
    ["app.min.tsx", "client", "app.js", "app.min.js"],
    ["guide.html.md", "markdown", "guide", "guide.html"],
    ["helper.ts", "private"],
    ["helper.js", "private"],
    ["jquery-3.7.js", "private"],
    ["_layout.html.tsx", "private"],
    [".env", "private"],
    ["list.test.ts", "private"],
    ["types.d.ts", "private"],
    ["app.js.map", "private"],
    ["data.sqlite3", "private"],
    ["data.sqlite3-wal", "private"],
    ["x.API.TS", "private"],
    ["DATA.SQLITE3", "private"],
    ["x.api.ts~", "private"],
    ["#x.api.ts#", "private"],
    ["x.api.ts.bak", "private"],
    [".x.api.ts.swp", "private"],
    ["all.css.bundle", "css-bundle", "all.css"],
    ["_all.css.bundle", "private"],
    ["module.ts", "module"],
    ["logo.png", "static", "logo.png"],
    ["page.html", "static", "page.html"],
    ["notes.md", "static", "notes.md"],
    ["data.json", "static", "data.json"],
  ];
  for (const [name, kind, ...names] of kinds) {
    it(`reads ${name} as ${kind}`, () => assert.deepEqual(fileKind(name), { kind, names: names }));
  }
});

describe("isServedFile", () => {
  it("takes files of no kind, in folders that are not private", () => {
    for (const path of ["img/logo.png", ".well-known/security.txt", ".well-known/a/b.json"]) {
      assert.equal(isServedFile(path), true, path);
    }
    for (const path of [
      "_parts/logo.png",
      ".git/config",
      "a/.b/c.png",
      "a/.well-known/x.txt",
      ".well-known/.env",
      ".well-known/x.api.ts",
      ".well-knowns/x.txt",
      "a/list.api.ts",
      "a/helper.js",
      "a/b.map",
    ]) {
      assert.equal(isServedFile(path), false, path);
    }
  });
});

describe("routeToken", () => {
  it("turns brackets into parameters", () => {
    assert.deepEqual(routeToken("[id]"), { token: ":id" });
    assert.deepEqual(routeToken("[...rest]"), { token: "*" });
    assert.deepEqual(routeToken("[id].html"), { token: ":id", suffix: ".html" });
    assert.deepEqual(routeToken("posts"), { token: "posts" });
  });
});

describe("routePaths", () => {
  const file = { folder: "/posts/", paths: ["/posts/list"] };
  it("are those of the name, unless options give others, relative to the folder", () => {
    assert.deepEqual(routePaths(file, {}), ["/posts/list"]);
    assert.deepEqual(routePaths(file, { path: "/all" }), ["/posts/all"]);
    assert.deepEqual(routePaths(file, { path: ["/", "x/:id"] }), ["/posts/", "/posts/x/:id"]);
    assert.deepEqual(routePaths(file, { path: null }), ["/posts/", "/posts/*"]);
  });

  it("have one shape where they fit the same requests", () => {
    assert.equal(pathShape("/a/:id/"), pathShape("/a/:name"));
    assert.notEqual(pathShape("/a/:id?"), pathShape("/a/:id"));
    assert.equal(pathShape("/"), "/");
  });
});
