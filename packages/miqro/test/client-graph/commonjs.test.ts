import { describeInPages, packageFiles, showing } from "../support/page-table.js";

const dep = (files: Record<string, string>, json?: object) => packageFiles("dep", files, json);

describeInPages("CommonJS packages in a page", [
  {
    name: "module.exports may be a function, a class or a plain value",
    files: {
      ...showing(
        "[f(), new C().x, five]",
        'import f from "dep/f"; import C from "dep/c"; import five from "dep/five";',
      ),
      ...dep({
        "f.js": "module.exports = function () { return 1; };",
        "c.js": "module.exports = class { x = 2; };",
        "five.js": "module.exports = 5;",
      }),
    },
    result: [1, 2, 5],
  },
  {
    name: "module.exports may be null or undefined",
    files: {
      ...showing(
        "[none, typeof nothing]",
        'import none from "dep/null"; import nothing from "dep/undefined";',
      ),
      ...dep({ "null.js": "module.exports = null;", "undefined.js": "module.exports = undefined;" }),
    },
    result: [null, "undefined"],
  },
  {
    name: "names are found in every usual form",
    files: {
      ...showing(
        "[a, b, c, d, e, f]",
        'import { a, b, c, d, e, f } from "dep"; export { a as again } from "dep"; export * from "dep";',
      ),
      ...dep({
        "index.js":
          'exports.a = 1; module.exports.b = 2; Object.defineProperty(exports, "c", { enumerable: true, get: function () { return 3; } }); exports["d"] = 4; exports.e = exports.f = 5;',
      }),
    },
    result: [1, 2, 3, 4, 5, 5],
  },
  {
    name: "names that no pattern shows are found by what the importing module asks for",
    files: {
      ...showing(
        "[a, all.b, typeof all.none, renamed, all?.d]",
        'import { a, c as renamed } from "dep"; import * as all from "dep";',
      ),
      ...dep({
        "index.js":
          'const made = {}; for (const name of "abcd") made[name] = name; (function (m) { m.exports = made; })(module);',
      }),
    },
    result: ["a", "b", "undefined", "c", "d"],
  },
  {
    name: "import() gives all names",
    files: {
      ...showing("[ns.a, ns.default.a, Object.keys(ns).sort()]", 'const ns = await import("dep");'),
      ...dep({ "index.js": 'const key = "a"; module.exports = { [key]: 1 };' }),
    },
    result: [1, 1, ["a", "default"]],
  },
  {
    name: "re-exports are followed: module.exports = require, spread and __exportStar",
    files: {
      ...showing(
        "[a, b, c]",
        'import { a } from "dep/one"; import { b } from "dep/two"; import { c } from "dep/three";',
      ),
      ...dep({
        "one.js": 'module.exports = require("./lib/a");',
        "two.js": 'module.exports = { ...require("./lib/b.js") };',
        "three.js":
          'var __exportStar = function (m, exports) { for (var p in m) exports[p] = m[p]; }; Object.defineProperty(exports, "__esModule", { value: true }); __exportStar(require("./lib/c"), exports);',
        "lib/a.js": "exports.a = 1;",
        "lib/b.js": "exports.b = 2;",
        "lib/c/index.js": "exports.c = 3;",
      }),
    },
    result: [1, 2, 3],
  },
  {
    name: "default is module.exports for modules of Node.js, and heeds __esModule for those of bundlers",
    files: {
      ...showing(
        "[typeof d, d.default, a, fromBundler, fromTyped]",
        'import d, { a } from "dep"; import { fromBundler } from "old"; import { fromTyped } from "typed";',
      ),
      ...dep({
        "index.js":
          'Object.defineProperty(exports, "__esModule", { value: true }); exports.default = "default"; exports.a = "a";',
      }),
      ...packageFiles(
        "old",
        { "index.js": 'import d from "dep"; export const fromBundler = d;' },
        { module: "index.js" },
      ),
      ...packageFiles(
        "typed",
        { "index.js": 'import d from "dep"; export const fromTyped = typeof d;' },
        { type: "module", exports: "./index.js" },
      ),
    },
    result: ["object", "default", "a", "default", "object"],
  },
  {
    name: "modules run when they are required, once, and not before",
    files: {
      ...showing(
        "log",
        'globalThis.log = []; const { default: dep } = await import("dep"); log.push("before"); dep.later(); dep.later();',
      ),
      ...dep({
        "index.js":
          'log.push("index"); require("./first"); exports.later = function () { require("./second"); }; if (false) require("./never");',
        "first.js": 'log.push("first");',
        "second.js": 'log.push("second"); require("./first.js");',
        "never.js": 'log.push("never");',
      }),
    },
    result: ["index", "first", "before", "second"],
  },
  {
    name: "in a cycle the exports are those of that moment",
    files: {
      ...showing("[dep.seen, dep.late()]", 'import dep from "dep";'),
      ...dep({
        "index.js":
          'exports.early = 1; const other = require("./other"); exports.seen = other.seen; exports.late = other.late;',
        "other.js":
          'const index = require("./index"); exports.seen = Object.keys(index); exports.late = () => Object.keys(index).length;',
      }),
    },
    result: [["early"], 3],
  },
  {
    name: "a cycle of CommonJS and ES modules can be loaded",
    files: {
      ...showing("[value(), dep.own]", 'import dep from "dep"; import { value } from "dep/esm.mjs";'),
      ...dep({
        "index.js": 'exports.own = 1; exports.get = () => require("./esm.mjs").value();',
        "esm.mjs": 'import dep from "./index.js"; export function value() { return dep.own + 1; }',
      }),
    },
    result: [2, 1],
  },
  {
    name: "require gives JSON, folders, packages, ES modules and empty parts of Node.js",
    files: {
      ...showing("dep", 'import dep from "dep";'),
      ...dep({
        "index.js":
          'exports.json = require("./data.json").n; exports.noExtension = require("./data").n; exports.folder = require("./lib").x; exports.up = require("./lib/up"); exports.other = require("other"); exports.scoped = require("@s/p/q"); exports.esm = [require("esm").default, require("esm").__esModule, require("esm").named]; exports.fs = Object.keys(require("fs")).concat(Object.keys(require("node:path")));',
        "data.json": '{"n": 7}',
        "lib/package.json": '{"main": "./deep/x"}',
        "lib/deep/x.js": 'exports.x = "folder";',
        "lib/up.js": 'module.exports = require("..") !== undefined && require(".").x;',
      }),
      ...packageFiles("other", { "index.js": 'module.exports = "other";' }, {}),
      ...packageFiles(
        "@s/p",
        { "q.cjs": 'module.exports = "scoped";' },
        { exports: { "./q": { require: "./q.cjs", import: "./none.mjs" } } },
      ),
      ...packageFiles(
        "esm",
        { "index.js": 'export default "d"; export const named = "n";' },
        { type: "module", exports: "./index.js" },
      ),
    },
    result: {
      json: 7,
      noExtension: 7,
      folder: "folder",
      up: "folder",
      other: "other",
      scoped: "scoped",
      esm: ["d", true, "n"],
      fs: [],
    },
  },
  {
    name: "only the file for the environment is loaded",
    files: {
      ...showing(
        "[dep, performance.getEntriesByType('resource').filter(({ name }) => /production|development/.test(name)).length, names]",
        'import dep, { name as names } from "dep";',
      ),
      ...dep({
        "index.js":
          "'use strict';\n\nif (process.env.NODE_ENV === 'production') {\n  module.exports = require('./cjs/dep.production.min.js');\n} else {\n  module.exports = require('./cjs/dep.development.js');\n}\n",
        "cjs/dep.production.min.js": 'exports.name = "production";',
        "cjs/dep.development.js": 'exports.name = "development"; require("./missing");',
      }),
    },
    result: [{ name: "production" }, 1, "production"],
  },
  {
    name: "in development it is the other file, in every form of the choice",
    environment: "development",
    files: {
      ...showing(
        "[a, b, c, performance.getEntriesByType('resource').filter(({ name }) => /prod/.test(name)).length]",
        'import { a } from "dep/a"; import { b } from "dep/b"; import { c } from "dep/c";',
      ),
      ...dep({
        "a.js":
          '"production" !== process.env.NODE_ENV ? module.exports = require("./dev") : module.exports = require("./prod");',
        "b.js":
          'module.exports = process.env.NODE_ENV === "production" ? require("./prod") : require("./dev");',
        "c.js":
          'if (process.env.NODE_ENV !== "production") module.exports = require("./dev"); else module.exports = require("./prod");',
        "dev.js": "exports.a = exports.b = exports.c = 1;",
        "prod.js": "",
      }),
    },
    result: [1, 1, 1, 0],
  },
  {
    name: "a package may try what is not there, and say so itself",
    warnings: [/dep\/index\.js:1 requires "unguarded": The package "unguarded" is not installed/],
    files: {
      ...showing("dep", 'import dep from "dep";'),
      ...dep({
        "index.js":
          'try { require("guarded"); } catch (error) { exports.code = error.code; } exports.call = () => require("unguarded"); try { require("x" + 1); } catch (error) { exports.computed = error.message; } delete exports.call;',
      }),
    },
    result: { code: "MODULE_NOT_FOUND", computed: "Cannot find module 'x1', which /dep/index.js requires." },
  },
  {
    name: "a module that throws can be tried again",
    files: {
      ...showing("dep", 'import dep from "dep";'),
      ...dep({
        "index.js":
          'globalThis.tries = 0; for (const n of [1, 2]) { try { exports.value = require("./bad"); } catch (error) { exports["error" + n] = error.message; } }',
        "bad.js": 'if (++tries === 1) throw new Error("first"); module.exports = tries;',
      }),
    },
    result: { error1: "first", value: 2 },
  },
  {
    name: "this, global, module and the names of the file are there",
    files: {
      ...showing("dep", 'import dep from "dep";'),
      ...dep({
        "index.js":
          "#!/usr/bin/env node\nthis.self = this === exports && this === module.exports; this.global = global === globalThis; this.name = __filename; this.dir = __dirname; this.main = require.main === module; this.id = typeof module.id; this.types = [typeof process, typeof Buffer, typeof require, typeof define]; if (1) return; this.after = 1;",
      }),
    },
    result: {
      self: true,
      global: true,
      name: "/dep/index.js",
      dir: "/dep",
      main: false,
      id: "string",
      types: ["undefined", "undefined", "function", "undefined"],
    },
  },
  {
    name: "UMD takes its CommonJS branch",
    files: {
      ...showing("[lib.x, typeof globalThis.lib]", 'import lib from "dep";'),
      ...dep({
        "index.js":
          '(function (root, factory) { if (typeof define === "function" && define.amd) define([], factory); else if (typeof module === "object" && module.exports) module.exports = factory(require("./part")); else root.lib = factory(); }(this, function (part) { return { x: part }; }));',
        "part.js": "module.exports = 3;",
      }),
    },
    result: [3, "undefined"],
  },
  {
    name: "modules that an old bundler put into one file require each other",
    files: {
      ...showing("dep", 'import dep from "dep";'),
      ...packageFiles("dep", {
        "index.js":
          '(function e(t) { function load(n) { var m = { exports: {} }; t[n].call(m.exports, load, m, m.exports); return m.exports; } module.exports = load("./a"); })({ "./a": function (require, module, exports) { module.exports = require("./b") + 1; }, "./b": function (require, module, exports) { module.exports = 1; exports[0] = 2; } });',
      }),
    },
    result: 2,
  },
  {
    name: "require in strings, templates, comments and regular expressions is text",
    files: {
      ...showing("dep", 'import dep from "dep";'),
      ...dep({
        "index.js":
          'module.exports = ["require(\'./a\')", `require("./b")`, /require("c")/.source.length]; // require("./d")\n/* require("./e") */ my = { require: (x) => x }; module.exports.push(my.require("./f")); var my;',
      }),
    },
    result: ["require('./a')", 'require("./b")', 12, "./f"],
  },
  {
    name: "import() works in CommonJS",
    files: {
      ...showing("await dep()", 'import dep from "dep";'),
      ...dep({
        "index.js":
          'module.exports = async () => [(await import("./esm.mjs")).x, (await import("./other.js")).default.y];',
        "esm.mjs": "export const x = 1;",
        "other.js": "exports.y = 2;",
      }),
    },
    result: [1, 2],
  },
  {
    name: "one instance serves imports of every form, and require",
    files: {
      ...showing(
        "[count, a === b, b === c, d.get() === a]",
        'import a from "dep"; import * as ns from "dep"; import d from "dep/user.js"; const { default: b } = await import("dep"); const c = ns.default; const count = globalThis.runs;',
      ),
      ...dep({
        "index.js": "globalThis.runs = (globalThis.runs ?? 0) + 1; module.exports = {};",
        "user.js": 'exports.get = () => require("./index.js");',
      }),
    },
    result: [1, true, true, true],
  },
]);
