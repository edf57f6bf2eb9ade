import { describeInPages, packageFiles, showing } from "../support/page-table.js";

const svg = '<svg xmlns="http://www.w3.org/2000/svg" width="3" height="3"/>';
/** A module of WebAssembly that exports nothing. */
const wasm = "\0asm\x01\0\0\0";
const answer =
  "await new Promise((resolve, reject) => { worker.onmessage = ({ data }) => resolve(data); worker.onerror = (event) => reject(new Error(event.message)); worker.postMessage(2); })";

describeInPages("modules keep their meaning at another URL", [
  {
    name: "module workers with imports of their own",
    files: {
      ...showing(
        answer,
        'const worker = new Worker(new URL("./work/sum.js", import.meta.url), { type: "module" });',
      ),
      "work/sum.js":
        'import { add } from "./add.js"; import dep from "dep"; onmessage = async ({ data }) => postMessage([add(data), dep, (await import("./lazy.js")).default]);',
      "work/add.js": "export const add = (n) => n + 1;",
      "work/lazy.js": 'export default "lazy";',
      ...packageFiles("dep", { "index.js": 'module.exports = "dep";' }),
    },
    result: [3, "dep", "lazy"],
  },
  {
    name: "classic workers, with scripts that they import",
    files: {
      ...showing(answer, "const worker = new Worker(new URL('./work.js', import.meta.url));"),
      "work.js": 'importScripts("./lib/one.js"); onmessage = ({ data }) => postMessage(one + data);',
      "lib/one.js": "var one = 1;",
    },
    result: 3,
  },
  {
    name: "workers without static imports, which load modules when they run",
    files: {
      ...showing(`${answer}`, 'const worker = new Worker(new URL("./work.js", import.meta.url));'),
      "work.js":
        'onmessage = async ({ data }) => { const { add } = await import("./lib/add.js"); postMessage(add(data) + process.env.NODE_ENV); };',
      "lib/add.js": "export const add = (n) => n + 1;",
    },
    result: "3production",
  },
  {
    name: "classic workers in packages, which may look like CommonJS",
    files: {
      ...showing(`${answer}`, 'import { make } from "dep"; const worker = make();'),
      ...packageFiles(
        "dep",
        {
          "index.js": 'export const make = () => new Worker(new URL("./work.js", import.meta.url));',
          "work.js":
            'if (typeof module === "object") module.exports = 1; else onmessage = ({ data }) => postMessage(data * 2);',
        },
        { module: "index.js" },
      ),
    },
    result: 4,
  },
  {
    name: "style sheets, with the images and styles that they name",
    files: {
      ...showing(
        "[style.getPropertyValue('--a'), /_miqro[^)]*logo.svg/.test(style.backgroundImage), /data:,x/.test(style.listStyleImage)]",
        'const link = document.createElement("link"); link.rel = "stylesheet"; link.href = new URL("./css/s.css", import.meta.url); document.head.append(link); await new Promise((resolve, reject) => { link.onload = resolve; link.onerror = reject; }); const style = getComputedStyle(document.body);',
      ),
      "css/s.css":
        '@import "./more.css"; /* url(./gone.png) */ body { background-image: url(../logo.svg#x); list-style-image: url("data:,x"); }',
      "css/more.css": "body { --a: more }",
      "logo.svg": svg,
    },
    result: ["more", true, true],
  },
  {
    name: "a service worker is told that it controls no page",
    warnings: [/app\.js:1 registers a service worker at a URL with a hash/],
    files: {
      "app.js":
        'const register = () => navigator.serviceWorker.register(new URL("./sw.js", import.meta.url)); globalThis.result = typeof register;',
      "sw.js": "",
    },
    result: "function",
  },
  {
    name: "workers that are named by their TypeScript",
    files: {
      ...showing(
        answer,
        'const worker = new Worker(new URL("./work.ts", import.meta.url), { type: "module" });',
      ),
      "work.js": "onmessage = ({ data }) => postMessage(data); export {};",
      "work.ts": "",
    },
    result: 2,
  },
  {
    name: "a module can be a worker and an import",
    files: {
      ...showing(
        `[${answer}, inWorker]`,
        'import { inWorker } from "./both.js"; const worker = new Worker(new URL("both.js", import.meta.url), { type: "module" });',
      ),
      "both.js":
        'export const inWorker = typeof document === "undefined"; if (inWorker) onmessage = () => postMessage(inWorker);',
    },
    result: [true, false],
  },
  {
    name: "images, WebAssembly, styles and data, in every spelling",
    files: {
      ...showing(
        "[image.naturalWidth, WebAssembly.Module.exports(module).length, json, text, urls]",
        [
          "const image = new Image(); image.src = new URL(`./logo.svg`, import.meta.url); await image.decode();",
          "const module = await WebAssembly.compileStreaming(fetch(new URL( /* here */ 'm.wasm', import.meta.url)));",
          'const json = await (await fetch(new URL("./d/data.json", import.meta.url))).json();',
          'const text = await (await fetch(import.meta.resolve("./t.txt"))).text();',
          'const urls = [new URL("./logo.svg?a=1#b", import.meta.url).href.slice(-9), new URL("/x", import.meta.url).pathname, new URL("https://a.b/c", import.meta.url).href, new globalThis.URL("./t.txt", import.meta.url).pathname.split("/").at(-1)];',
        ].join("\n"),
      ),
      "logo.svg": svg,
      "m.wasm": wasm,
      "d/data.json": '{"a":1}',
      "t.txt": "text",
    },
    result: [3, 0, { a: 1 }, "text", ["g?a=1#b".padStart(9, "sv"), "/x", "https://a.b/c", "t.txt"]],
  },
  {
    name: "packages name files beside them, and other packages",
    files: {
      ...showing(
        "[await dep, await (await fetch(import.meta.resolve('dep/logo.svg'))).text()]",
        'import dep from "dep";',
      ),
      ...packageFiles(
        "dep",
        {
          "index.js":
            'export default fetch(new URL("./data.bin", import.meta.url)).then((res) => res.text()); export const none = () => new URL("./none.wasm", import.meta.url);',
          "data.bin": "bytes",
          "logo.svg": svg,
        },
        { type: "module", exports: { ".": "./index.js", "./logo.svg": "./logo.svg" } },
      ),
    },
    result: ["bytes", svg],
  },
  {
    name: "files that tsc does not copy are found beside the source",
    files: {
      "dist/app/js/app.min.js":
        'import data from "./data.json" with { type: "json" }; import { plain } from "./plain.js"; globalThis.result = [data, plain, await (await fetch(new URL("../t.txt", import.meta.url))).text()];',
      "app/js/app.min.ts": "",
      "app/js/data.json": "[1]",
      "app/js/plain.js": "export const plain = 2;",
      "app/t.txt": "t",
    },
    entry: { name: "dist/app/js/app.min.js", source: "app/js/app.min.ts" },
    pages: ['<!DOCTYPE html><body><script src="/js/app.min.js"></script>'],
    result: [[1], 2, "t"],
  },
  {
    name: "what leads nowhere is told, and what is known only at run time",
    warnings: [
      /app\.js:2 names "\.\/none\.png" beside it, and there is no such file/,
      /app\.js:3 uses import\.meta\.url in an expression whose value is known only at run time/,
    ],
    files: {
      "app.js":
        '\nconst a = new URL("./none.png", import.meta.url);\nconst b = new URL(a.pathname, import.meta.url); globalThis.result = typeof import.meta.url;',
    },
    result: "string",
  },
  {
    name: "JSON, with attributes, without and dynamic",
    files: {
      ...showing(
        "[a, b, c.default, Object.keys(d), d['__proto__'] === Object.prototype, name, nothing]",
        'import a from "./a.json" with { type: "json" };\nimport b from "./a.json" with {\n  type: "json",\n}; import d, { name } from "./d.json"; const c = await import("./a.json", { with: { type: "json" } }); const nothing = (await import("./null.json", { with: { "type": "json" } })).default;',
      ),
      "a.json": '\uFEFF[1, "\u2028"]',
      "d.json": '{"__proto__": 1, "name": "n", "a-b": 2}',
      "null.json": "null",
    },
    result: [[1, "\u2028"], [1, "\u2028"], [1, "\u2028"], ["__proto__", "name", "a-b"], false, "n", null],
  },
  {
    name: "JSON with the word that was used before",
    files: {
      ...showing(
        "[a, b.default, dep]",
        'import a from "./a.json" assert { type: "json" };\nimport dep from "dep"; const b = await import("./a.json", { assert: { type: "json" } });',
      ),
      "a.json": "[1]",
      ...packageFiles(
        "dep",
        { "index.js": 'import json from "./package.json" assert {type:"json"}\nexport default json.name' },
        { type: "module", exports: "./index.js" },
      ),
    },
    result: [[1], [1], "dep"],
  },
  {
    name: "style sheets with attributes",
    files: {
      ...showing(
        "getComputedStyle(document.body).color",
        'import sheet from "./s.css" with { type: "css" }; document.adoptedStyleSheets = [sheet];',
      ),
      "s.css": "body { color: rgb(1, 2, 3) }",
    },
    result: "rgb(1, 2, 3)",
  },
  {
    name: "top-level await, in order",
    files: {
      ...showing(
        "log",
        'import { log } from "./log.js"; import "./slow.js"; import "./fast.js"; log.push("app");',
      ),
      "log.js": "export const log = [];",
      "slow.js":
        'import { log } from "./log.js"; await new Promise((resolve) => setTimeout(resolve, 5)); log.push("slow");',
      "fast.js": 'import { log } from "./log.js"; log.push("fast");',
    },
    result: ["fast", "slow", "app"],
  },
  {
    name: "cycles, with functions and with values that come later",
    files: {
      ...showing("[even(4), parts()]", 'import { even } from "./even.js"; import { parts } from "./a.js";'),
      "even.js": 'import { odd } from "./odd.js"; export const even = (n) => n === 0 || odd(n - 1);',
      "odd.js": 'import { even } from "./even.js"; export const odd = (n) => n !== 0 && even(n - 1);',
      "a.js":
        'import * as b from "./b.js"; export let a = "a"; export const parts = () => [a, b.b, b.viaA()];',
      "b.js":
        'import * as self from "./b.js"; import { a } from "./a.js"; export const b = "b"; export const viaA = () => a + self.b;',
    },
    result: [true, ["a", "b", "ab"]],
  },
  {
    name: "process.env.NODE_ENV in every spelling",
    files: showing("[process.env.NODE_ENV, process?.env?.NODE_ENV, process.env['NODE_ENV'], typeof process]"),
    result: ["production", "production", "production", "undefined"],
  },
]);
