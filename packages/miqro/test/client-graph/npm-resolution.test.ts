import { describeInPages, packageFiles, showing } from "../support/page-table.js";

const dep = (json: object, files: Record<string, string>) => packageFiles("dep", files, json);
const value = (text: string) => `export default ${JSON.stringify(text)};`;
const showDep = showing("dep", 'import dep from "dep";');
const esm = { type: "module" };

describeInPages("packages in a page are found as bundlers find them", [
  {
    name: "browser as a string comes before module and main",
    files: {
      ...showDep,
      ...dep(
        { browser: "./b", module: "m.js", main: "n.js" },
        { "b.js": value("b"), "m.js": value("m"), "n.js": value("n") },
      ),
    },
    result: "b",
  },
  {
    name: "a map in browser replaces the entry that main names",
    files: {
      ...showDep,
      ...dep(
        { main: "./lib/node", browser: { "./lib/node.js": "./lib/browser.js" } },
        { "lib/node.js": value("n"), "lib/browser.js": value("b") },
      ),
    },
    result: "b",
  },
  {
    name: "a map in browser replaces an entry that does not exist",
    files: {
      ...showDep,
      ...dep({ main: "dist/none", browser: { "./dist/none": "./b.js" } }, { "b.js": value("b") }),
    },
    result: "b",
  },
  {
    name: "a map in browser replaces what exports name",
    files: {
      ...showDep,
      ...dep(
        { ...esm, exports: "./n.js", browser: { "./n.js": "./b.js" } },
        { "n.js": 'import "node:fs";', "b.js": value("b") },
      ),
    },
    result: "b",
  },
  {
    name: "a map in browser replaces files, by every spelling",
    files: {
      ...showDep,
      ...dep(
        {
          ...esm,
          main: "index.js",
          browser: {
            "./a.js": "./x.js",
            "./b": "./x.js",
            "lib/c.js": "./x.js",
            "./d/index.js": "./x.js",
            "./e.js": "x.js",
            "./lib/f": "./x",
          },
        },
        {
          "index.js":
            'import a from "./a.js"; import b from "./b.js"; import c from "./lib/c"; import d from "./d"; import e from "./e"; import f from "./lib/f.js"; export default [a, b, c, d, e, f].join("");',
          "x.js": value("x"),
          "a.js": "",
          "b.js": "",
          "lib/c.js": "",
          "d/index.js": "",
          "e.js": "",
          "lib/f.js": "",
        },
      ),
    },
    result: "xxxxxx",
  },
  {
    name: "a map in browser holds below an inner package.json",
    files: {
      ...showDep,
      ...dep(
        { module: "esm/index.js", browser: { "./esm/node.js": "./esm/browser.js" } },
        {
          "esm/package.json": '{"type":"module"}',
          "esm/index.js": 'export { default } from "./node.js";',
          "esm/node.js": value("n"),
          "esm/browser.js": value("b"),
        },
      ),
    },
    result: "b",
  },
  {
    name: "a map in browser replaces packages and parts of Node.js",
    files: {
      ...showDep,
      ...dep(
        {
          ...esm,
          main: "index.js",
          browser: { fs: "./fs.js", ws: "./ws.js", crypto: "other", "node:path": "./fs.js" },
        },
        {
          "index.js":
            'import a from "fs"; import b from "node:fs"; import c from "ws"; import d from "crypto"; import e from "node:path"; import f from "./ws.js"; export default [a, b, c, d, e, f].join();',
          "fs.js": value("fs"),
          "ws.js": value("ws"),
        },
      ),
      ...packageFiles("ws", { "index.js": 'import "net";' }, {}),
      ...packageFiles("other", { "index.js": value("other") }, esm),
    },
    result: "fs,fs,ws,other,fs,ws",
  },
  {
    name: "false makes an empty module, for every form of import",
    files: {
      ...showDep,
      ...dep(
        { ...esm, main: "index.js", browser: { "./off.js": false, net: false, gone: false } },
        {
          "index.js":
            'import off, { a, b as c } from "./off.js"; import * as net from "net"; import gone from "gone"; import "./off"; export { d } from "./off.js"; const lazy = await import("./off.js"); export default [Object.keys(off).length, typeof a, typeof c, typeof net.x, typeof gone, typeof lazy.default, require()].join(); function require() { return "own"; }',
          "off.js": 'import "net";',
        },
      ),
    },
    result: "0,undefined,undefined,undefined,object,object,own",
  },
  {
    name: "browser may turn off a whole package",
    files: {
      ...showing("[typeof dep, Object.keys(dep).length]", 'import dep from "dep";'),
      ...dep({ main: "./n.js", browser: { "./n.js": false } }, { "n.js": "" }),
    },
    result: ["object", 0],
  },
  {
    name: "conditions are browser, module, import and the environment, in the order of the package",
    files: {
      ...showing(
        "[a, b, c, d, e]",
        'import a from "dep/a"; import b from "dep/b"; import c from "dep/c"; import d from "dep/d"; import e from "dep/e";',
      ),
      ...dep(
        {
          ...esm,
          exports: {
            "./a": { node: "./n.js", browser: "./1.js", default: "./n.js" },
            "./b": { module: "./2.js", default: "./n.js" },
            "./c": { development: "./n.js", production: "./3.js", default: "./n.js" },
            "./d": { require: "./n.js", import: "./4.js" },
            "./e": { import: { browser: { worker: "./n.js", default: "./5.js" } }, browser: "./n.js" },
          },
        },
        {
          "n.js": value("n"),
          "1.js": value("1"),
          "2.js": value("2"),
          "3.js": value("3"),
          "4.js": value("4"),
          "5.js": value("5"),
        },
      ),
    },
    result: ["1", "2", "3", "4", "5"],
  },
  {
    name: "in development the condition is development",
    environment: "development",
    files: {
      ...showDep,
      ...dep(
        { ...esm, exports: { development: "./d.js", default: "./p.js" } },
        { "d.js": value("d"), "p.js": value("p") },
      ),
    },
    result: "d",
  },
  {
    name: "require takes main and the condition require, import takes module and import",
    files: {
      ...showing(
        "[one, two, user]",
        'import one from "one"; import two from "two"; import user from "user";',
      ),
      ...packageFiles(
        "one",
        { "m.js": value("module"), "n.js": 'module.exports = "main";' },
        { module: "m.js", main: "n.js" },
      ),
      ...packageFiles(
        "two",
        { "m.mjs": value("import"), "n.cjs": 'module.exports = "require";' },
        { exports: { import: "./m.mjs", require: "./n.cjs" } },
      ),
      ...packageFiles("user", { "index.js": 'module.exports = [require("one"), require("two")];' }),
    },
    result: ["module", "import", ["main", "require"]],
  },
  {
    name: "imports without extension, of folders and of the folder itself",
    files: {
      ...showDep,
      ...dep(
        { ...esm, module: "esm" },
        {
          "esm/index.js":
            'import a from "./a"; import b from "./lib"; import c from "./lib/"; import d from "./lib/up"; import e from "./dir"; import f from "./x.min"; import g from "./data"; import h from "./m"; export const self = "self"; export default [a, b, c, d, e, f, g.n, h].join();',
          "esm/a.js": value("a"),
          "esm/lib/index.js": value("lib"),
          "esm/lib/up.js":
            'import { self } from ".."; import lib from "."; export default () => self; export const x = lib; ',
          "esm/dir/package.json": '{"module":"./src/main","main":"./none.js"}',
          "esm/dir/src/main.js": value("dir"),
          "esm/x.min.js": value("min"),
          "esm/data.json": '{"n":1}',
          "esm/m.mjs": value("m"),
        },
      ),
    },
    result: "a,lib,lib,() => self,dir,min,1,m",
  },
  {
    name: "subpaths of packages without exports",
    files: {
      ...showing(
        "[a, b, c, d]",
        'import a from "dep/a"; import b from "dep/lib"; import c from "dep/sub"; import d from "dep/d.js";',
      ),
      ...dep(
        { ...esm, browser: { "./d.js": "./e.js" } },
        {
          "a.js": value("a"),
          "lib/index.js": value("lib"),
          "sub/package.json": '{"main":"../sub-main.js","type":"module"}',
          "sub-main.js": value("sub"),
          "d.js": value("d"),
          "e.js": value("e"),
        },
      ),
    },
    result: ["a", "lib", "sub", "e"],
  },
  {
    name: "parts of Node.js are empty in packages, for every form of import",
    files: {
      ...showDep,
      ...dep(
        { ...esm, exports: "./index.js" },
        {
          "index.js":
            'import fs, { readFile } from "fs"; import * as path from "node:path"; import { promises as p } from "fs"; import "node:net"; export * from "url"; export { parse } from "node:url"; const isNode = typeof process === "object"; const lazy = await import("node:os"); const readable = isNode ? await import("no-such-package") : 1; export default [Object.keys(fs).length, typeof readFile, typeof path.join, typeof p, typeof lazy.default, readable].join();',
        },
      ),
    },
    result: "0,undefined,undefined,undefined,object,1",
  },
  {
    name: "in development the console tells what was asked of a part of Node.js",
    environment: "development",
    files: {
      ...showing(
        "[told, dep]",
        'globalThis.told = []; console.warn = (text) => told.push(text); const { default: dep } = await import("dep");',
      ),
      ...packageFiles("dep", {
        "index.js":
          'const fs = require("fs"); module.exports = [typeof fs.readFile, Object.keys(fs).length, fs.hasOwnProperty("x")];',
      }),
    },
    result: [
      ['"fs" does not exist in browsers, but client code reads its readFile.'],
      ["undefined", 0, false],
    ],
  },
  {
    name: "installed packages come before parts of Node.js of the same name, also with a slash",
    files: {
      ...showDep,
      ...dep({}, { "index.js": 'module.exports = [require("events"), require("punycode/")];' }),
      ...packageFiles("events", { "index.js": 'module.exports = "e";' }),
      ...packageFiles("punycode", { "index.js": 'module.exports = "p";' }),
    },
    result: ["e", "p"],
  },
  {
    name: "own imports of a package may be parts of Node.js",
    files: {
      ...showDep,
      ...dep(
        {
          ...esm,
          exports: "./i.js",
          imports: { "#c": { browser: "./c.js", default: "crypto" }, "#fs": "fs" },
        },
        {
          "i.js": 'import c from "#c"; import fs from "#fs"; export default c + typeof fs;',
          "c.js": value("c"),
        },
      ),
    },
    result: "cobject",
  },
  {
    name: "what only a dynamic import of a package reaches may be broken",
    files: {
      ...showDep,
      ...dep(
        { ...esm, exports: "./i.js" },
        {
          "i.js":
            'const tries = await Promise.allSettled([import("./broken.js"), import("./syntax.js"), import("none"), import("./missing.js")]); export default tries.map(({ status }) => status).join();',
          "broken.js": 'import { x } from "none"; export const y = x;',
          "syntax.js": "let x = `${",
        },
      ),
    },
    result: "rejected,rejected,rejected,rejected",
  },
  {
    name: "styles that a package imports are for the page to link",
    warnings: [
      /dep\/i\.js imports dep\/s\.css, which is not loaded with it: link the style sheet from the page/,
    ],
    files: {
      ...showDep,
      ...dep({ ...esm, exports: "./i.js" }, { "i.js": 'import "./s.css"; export default 1;', "s.css": "" }),
    },
    result: 1,
  },
]);
