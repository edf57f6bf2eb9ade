import assert from "node:assert/strict";
import { SourceMap } from "node:module";
import { describe, it } from "node:test";
import { init } from "es-module-lexer";
import { applyEdits } from "../../dist/client-graph/browser-source.js";
import { deadBranches, withoutBranches } from "../../dist/client-graph/dead-branches.js";
import { findImportScripts, findStyleReferences } from "../../dist/client-graph/file-references.js";
import { findRequires } from "../../dist/client-graph/requires.js";
import { scanCode } from "../../dist/client-graph/scan-code.js";
import { shiftMappings } from "../../dist/client-graph/shift-mappings.js";
import { hasTopLevelAwait } from "../../dist/client-graph/top-level-await.js";

function tokensOf(text: string): string {
  const found: string[] = [];
  scanCode(text, (token) => {
    found.push(token);
    return undefined;
  });
  return found.join(" ");
}

describe("scanCode", () => {
  const rows: readonly (readonly [string, string])[] = [
    ["a.b(1)", "a . b ( 1 )"],
    ["'a{' + \"b'}\"", "'a{' + \"b'}\""],
    ["a // { \n b /* { \n { */ c", "a b c"],
    ["x = /[/{]}/g.test(y)", "x = . test ( y )"],
    ["a / b / c", "a / b / c"],
    ["(a) / b / c", "( a ) / b / c"],
    ["return /{/ ;", "return ;"],
    [`\`{ \${a + \`}\${b}\`} }\` + c`, "a + b + c"],
    ["'a\\'{' b", "'a\\'{' b"],
    ["é$_1 = 2", "é$_1 = 2"],
  ];
  for (const [text, tokens] of rows) {
    it(`reads ${text}`, () => assert.equal(tokensOf(text).trim(), tokens));
  }
});

describe("hasTopLevelAwait", () => {
  const waits = [
    "await x;",
    "const a = await import('x');",
    "export default await x",
    "if (a) { await b; }",
    "try { await a } catch { }",
    "for await (const a of b) {}",
    "for (const a of b) { await a; }",
    "{ const f = async () => {}; } await x",
    "const f = async () => { await a; }; await f();",
    "const f = (a) => a;\nawait f();",
    "class A { async b() { await c; } }\nawait 1;",
    "const o = { a: await b };",
    "x = [await a, (await b)]",
    "/* c */ switch (a) { case 1: await b; }",
    `\`\${await a}\``,
  ];
  const runs = [
    "",
    "async function f() { await x; }",
    "const f = async () => await x;",
    "const f = async () => { await x; };",
    "const f = async (a = {}) => { if (a) { for (const b of c) await b; } };",
    "class A { async b() { await c; } static async d() { await e; } async *f() { await g; } }",
    "export const o = { async m() { await a; }, n: async () => await b, o: async function () { await c; } };",
    "f(async () => await a, async (b) => { await b; });",
    "const s = 'await a'; // await b\n/* await c */ `await d`",
    "a.await; b?.then(async () => { await c });",
    "async () => ({ a: await b })",
    "const f = async () => (await g()).h;",
  ];
  for (const text of waits) it(`sees ${text}`, () => assert.equal(hasTopLevelAwait(text), true));
  for (const text of runs) it(`sees none in ${text}`, () => assert.equal(hasTopLevelAwait(text), false));
});

describe("deadBranches", () => {
  const rows: readonly (readonly [string, string])[] = [
    ['if ("p" === "p") { a } else { b }', "a"],
    ['if ("p" !== "p") { a } else { b }', "b"],
    ["if (\"p\" == 'p') a; else b;", "a"],
    ['if ("p" != "p") a; else b;', "b"],
    ['"p" === "p" ? a : b', "a"],
    ['"p" !== "p" ? a : b;', "b"],
    ['x = "p" === "q" ? a : b', "b"],
    ['f("p" === "p" ? a : b)', "a"],
    ['if ("p" === "q") { if (x) { a } } else { b({}) }', "b"],
    ['if ("p" === "q") { a } else if (x) { b }', "b"],
    ['if ("p" === "q") a\nelse b', "b"],
    ['if ("p" === "q") c\na; b', "a b"],
    ['"p" === "p" ? a : c\nb', "a b"],
    ['"p" === "p" ? a : f(\n  b\n)', "a"],
    // Not certain, so both may run.
    ['y && "p" === "p" ? a : b', "a b"],
    ['if (y && "p" === "q") { a } else { b }', "a b"],
    ['if ("p" === "q" || y) { a } else { b }', "a b"],
    ['if ("p" === x) { a } else { b }', "a b"],
    ['y === "p" ? a : b', "a b"],
    ["\"if ('p' === 'q') {\" + a + b", "a b"],
  ];
  for (const [text, left] of rows) {
    it(`leaves ${left} of ${text}`, () => {
      const live = withoutBranches(text, deadBranches(text));
      assert.equal(live.length, text.length);
      assert.deepEqual(live.match(/\b[ab]\b/g)?.join(" "), left);
    });
  }
});

describe("findRequires", () => {
  const rows: readonly (readonly [string, readonly string[]])[] = [
    ["const a = require(\"a\"), b = require('./b');", ["a", "./b"]],
    ["require(`a`); require (\n'b')", ["a", "b"]],
    ['f(...require("a")); ({ ...require("b") }); [...require("c")]', ["a", "b", "c"]],
    ['x.require("a"); $require("b"); require.resolve("c"); require(d); require("e" + f)', []],
    ['"require(\'a\')"; // require("b")\n/* require("c") */ /require("d")/; `require("e")`', []],
    [`\`\${require("a")}\``, ["a"]],
    ['require("a"); require("a")', ["a"]],
    ['if ("production" !== "production") { require("a") } else { require("b") }', ["b"]],
  ];
  for (const [text, specifiers] of rows) {
    it(`finds ${specifiers.join() || "none"} in ${text}`, async () => {
      await init();
      assert.deepEqual(
        findRequires(text).calls.map(({ specifier }) => specifier),
        specifiers,
      );
    });
  }

  it("tells calls in a try block from others", async () => {
    await init();
    const { calls } = findRequires(
      'try { require("a") } catch {} require("b"); try { if (x) { require("c") } } catch {}',
    );
    assert.deepEqual(
      calls.map(({ isGuarded }) => isGuarded),
      [true, false, true],
    );
  });
});

describe("the files that files name", () => {
  it("are found in style sheets", () => {
    const text =
      '@import "a.css"; @import url(b.css); x { a: url("c.png") url( d.png ) url(\'e.png\'); } /* url(f.png) */';
    const found = findStyleReferences(text);
    assert.deepEqual(
      found.map(({ specifier }) => specifier),
      ["a.css", "b.css", "c.png", "d.png", "e.png"],
    );
    const edits = found.map(({ start, end, specifier }) => ({ start, end, text: `<${specifier}>` }));
    assert.match(applyEdits(text, edits), /@import <a\.css>; @import url\(<b\.css>\); .*url\(<c\.png>\)/);
  });

  it("are found in classic workers", async () => {
    await init();
    const text =
      'importScripts("a.js"); // importScripts("b.js")\nself.importScripts(c); "importScripts(\'d\')"';
    assert.deepEqual(
      findImportScripts(text).map(({ specifier }) => specifier),
      ["a.js"],
    );
  });
});

describe("shiftMappings", () => {
  // Columns 0, 4 and 8 of the first line, 0 and 2 of the third, each of its own column in the source.
  const mappings = "AAAA,IAAI,IAAI;;AAEJ,EAAE";
  const text = "abcdefghijkl\nsecond\nxyz";
  const payload = { version: 3, file: "", sourceRoot: "", sources: ["s"], sourcesContent: [], names: [] };
  const columns = (moved: string, line: number, column: number) => {
    const entry = new SourceMap({ ...payload, mappings: moved }).findEntry(line, column);
    return "originalColumn" in entry ? [entry.originalLine, entry.originalColumn] : undefined;
  };
  const rows: readonly (readonly [string, readonly { start: number; end: number; text: string }[]])[] = [
    ["nothing", []],
    ["an insertion at the start", [{ start: 0, end: 0, text: "x".repeat(100) }]],
    [
      "several insertions at one place",
      [
        { start: 0, end: 0, text: "12" },
        { start: 0, end: 0, text: "345" },
      ],
    ],
    ["a removal", [{ start: 1, end: 3, text: "" }]],
    [
      "a longer replacement, and a shorter one",
      [
        { start: 1, end: 2, text: "LONG ONE" },
        { start: 5, end: 8, text: "-" },
      ],
    ],
    ["an edit of another line", [{ start: 14, end: 16, text: "" }]],
    [
      "edits of several lines",
      [
        { start: 2, end: 2, text: "++" },
        { start: 21, end: 22, text: "--------" },
      ],
    ],
  ];
  for (const [name, edits] of rows) {
    it(`follows ${name}`, () => {
      const moved = shiftMappings(mappings, text, edits);
      const result = applyEdits(text, edits).split("\n");
      for (const [line, column, letter] of [
        [0, 0, "a"],
        [0, 4, "e"],
        [0, 8, "i"],
        [2, 0, "x"],
        [2, 2, "z"],
      ] as const) {
        const now = result[line]?.indexOf(letter) ?? -1;
        assert.deepEqual(columns(moved, line, now), columns(mappings, line, column), letter);
      }
    });
  }
});
