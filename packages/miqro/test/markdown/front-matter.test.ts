import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { parseFrontMatter } from "../../dist/markdown/front-matter.js";

const valuesOf = (text: string) => Object.fromEntries(parseFrontMatter(text).values);

describe("parseFrontMatter", () => {
  it("gives the values and the text below", () => {
    const text =
      '---\ntitle: Hello: world\n\n# a comment\ndescription: "In quotes"\nlayout:   wide  \nempty:\n---\n# Text\n';
    const { body } = parseFrontMatter(text);
    assert.deepEqual(valuesOf(text), {
      title: "Hello: world",
      description: "In quotes",
      layout: "wide",
      empty: "",
    });
    assert.equal(body, "# Text\n");
  });

  it("accepts other line ends, a byte order mark and an empty block", () => {
    assert.deepEqual(parseFrontMatter("\uFEFF---\r\na: 1\r\n---\r\ntext").values, new Map([["a", "1"]]));
    assert.equal(parseFrontMatter("---\na: 1\r\n---").body, "");
    assert.deepEqual(parseFrontMatter("---\n---\ntext"), { values: new Map(), body: "text" });
  });

  it("leaves text without front matter as it is", () => {
    for (const text of [
      "",
      "# Text",
      "---",
      "---\nno end",
      "\n---\na: 1\n---\n",
      "text\n---\na: 1\n---\n",
      "----\na: 1\n----\n",
    ]) {
      assert.deepEqual(parseFrontMatter(text), { values: new Map(), body: text });
    }
  });

  it("treats the names of inherited properties as keys", () => {
    assert.equal(parseFrontMatter("---\n__proto__: x\nconstructor: y\n---\n").values.get("__proto__"), "x");
    assert.equal(parseFrontMatter("---\na: x\n---\n").values.get("constructor"), undefined);
  });

  it("refuses lines that are not a key and a value, and repeated keys", () => {
    assert.throws(() => parseFrontMatter("---\ntitle: x\n- list\n---\n"), {
      name: "SyntaxError",
      message: /^Line 3 of the front matter must be "key: value", received: - list;/,
    });
    assert.throws(() => parseFrontMatter("---\na: 1\na: 2\n---\n"), /Line 3 of the front matter repeats "a"/);
  });

  it("takes linear time", () => {
    const start = performance.now();
    parseFrontMatter(`---\n${"-".repeat(200_000)}`);
    parseFrontMatter(`---\n${"\n--".repeat(100_000)}`);
    assert.ok(performance.now() - start < 1_000);
  });
});
