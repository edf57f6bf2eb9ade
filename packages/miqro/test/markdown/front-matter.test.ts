import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { cpuTime } from "miqro-tests/cpu-time";
import { FrontMatterError, splitFrontMatter } from "../../dist/markdown/front-matter.js";
import { readPage } from "../../dist/markdown/read-page.js";

describe("splitFrontMatter", () => {
  const found: readonly [text: string, yaml: string, body: string][] = [
    ["---\na: 1\n---\n# Text\n", "a: 1\n", "# Text\n"],
    ["---\r\na: 1\r\n---\r\ntext", "a: 1\r\n", "text"],
    ["---\na: 1\r\n---", "a: 1\r\n", ""],
    ["---\n---\ntext", "", "text"],
    ["--- \t\na: 1\n---  \ntext", "a: 1\n", "text"],
    ["---\na: |\n  x\n  ---\n  y\n---\ntext\n---\n", "a: |\n  x\n  ---\n  y\n", "text\n---\n"],
  ];
  for (const [text, yaml, body] of found) {
    it(`finds it in ${JSON.stringify(text)}`, () => assert.deepEqual(splitFrontMatter(text), { yaml, body }));
  }

  for (const text of [
    "",
    "# Text",
    "\n---\na: 1\n---\n",
    "text\n---\na: 1\n---\n",
    "----\na: 1\n----\n",
    " ---\na: 1\n---\n",
    "***\ntext\n",
  ]) {
    it(`leaves ${JSON.stringify(text)} as it is`, () =>
      assert.deepEqual(splitFrontMatter(text), { yaml: undefined, body: text }));
  }

  for (const text of [
    "---",
    "---\n",
    "---\nno end",
    "---\na: 1\n----\n",
    "---\na: 1\n ---\ntext",
    "---\n\ntext\n\n***\n",
  ]) {
    it(`refuses ${JSON.stringify(text)}, which is not closed`, () =>
      assert.throws(() => splitFrontMatter(text), {
        name: "FrontMatterError",
        message: /^line 1: .* not closed.*Write a line "---".*empty line/,
      }));
  }

  it("takes linear time", () => {
    for (const text of [
      `---\n${"-".repeat(200_000)}`,
      `---\n${"\n--".repeat(100_000)}`,
      `---\n${" ".repeat(200_000)}`,
    ]) {
      const ms = cpuTime(() => assert.throws(() => splitFrontMatter(text), FrontMatterError));
      assert.ok(ms < 1_000, `${ms} ms`);
    }
  });
});

describe("the values of a page", () => {
  const valuesOf = async (yaml: string) => (await readPage(`---\n${yaml}\n---\ntext`)).values;

  const read: readonly [yaml: string, values: Record<string, string>][] = [
    ["", {}],
    ["# only a comment", {}],
    ["title: Plain", { title: "Plain" }],
    ['title: "Say \\"hi\\""', { title: 'Say "hi"' }],
    ['title: "tab\\tand \\u00e9\\x21"', { title: "tab\tand é!" }],
    ["title: 'It''s on'", { title: "It's on" }],
    ["title: Plain   # a note", { title: "Plain" }],
    ["title: C#", { title: "C#" }],
    ["title: '# not a note'", { title: "# not a note" }],
    ["title: a:b http://x/", { title: "a:b http://x/" }],
    ['title: "a: b"', { title: "a: b" }],
    ["title: 'x' \r\nlang:   de  \r", { title: "x", lang: "de" }],
    ["{ title: x, lang: fr }", { title: "x", lang: "fr" }],
    ['"title": x', { title: "x" }],
    ["title: 1.10\ndescription: 0x1F", { title: "1.10", description: "0x1F" }],
    ["title: 2024-01-01\ndescription: 12e3", { title: "2024-01-01", description: "12e3" }],
    ["title: yes\ndescription: False\nlang: no", { title: "yes", description: "False", lang: "no" }],
    ["title:\ndescription: ~\nlang: null", {}],
    ['title: ""', { title: "" }],
    [
      "description: >\n  one\n  line\ntitle: |\n  two\n  lines\n",
      { description: "one line", title: "two\nlines" },
    ],
    ["description: a\n  b", { description: "a b" }],
    ["title: &t x\ndescription: *t", { title: "x", description: "x" }],
    ["title: naïve 日本 🙂", { title: "naïve 日本 🙂" }],
  ];
  for (const [yaml, values] of read) {
    it(`are those of ${JSON.stringify(yaml)}`, async () =>
      assert.deepEqual({ ...(await valuesOf(yaml)) }, values));
  }

  const refused: readonly [yaml: string, ...messages: RegExp[]][] = [
    ["title: Hello: world", /^line 2: .*not YAML: .* Put a value that has ": " in it in quotes\.$/],
    ["lang: de\ntitle: @home", /^line 3: .*not YAML: .*@\. Put the value in quotes\.$/],
    ["title: `x`", /^line 2: .*not YAML/],
    ["title: [a", /not YAML/],
    ['title: "a', /^line 2: .*not YAML: Missing closing/],
    ["title: 'It's on'", /not YAML/],
    ['title: "\\q"', /not YAML/],
    ["title: x\n\tlang: de", /^line 3: .*Tabs/],
    ["title: x\n\nlang: a\nlang: b", /^line 5: .*unique/],
    ["title: *x", /^line 2: /],
    ["title: !!js/function x", /^line 2: .*tag/],
    ["titel: x", /^line 2: unknown key "titel".*Did you mean "title"\?$/],
    [
      "title: x\ntags: a",
      /^line 3: unknown key "tags".*Write one of: title, description, lang, layout, date\.$/,
    ],
    ["title: x\ndate: tomorrow", /^line 3: "date" must be a date such as .*received: "tomorrow"\.$/],
    ["date: 2024-13-01", /^line 2: "date" must be a date/],
    ["Title: x", /Did you mean "title"/],
    ["__proto__: x", /^line 2: unknown key "__proto__"/],
    ["constructor: x", /^line 2: unknown key "constructor"/],
    ["title: [a, b]", /^line 2: "title" must be a string/],
    ["title:\n  a: b", /^line 2: "title" must be a string/],
    ["title:\n- a", /^line 2: "title" must be a string/],
    ["- title: x", /^line 2: .*must be keys and values/],
    ["just a text", /^line 2: .*must be keys and values.*empty line/],
    ["title:x", /^line 2: .*a space after the colon/],
    ["? [a, b]\n: x", /^line 2: unknown key/],
    ["titel: x\nlanguage: y\ntitle: {}", /^line 2: /, /^line 3: /, /^line 4: /],
  ];
  for (const [yaml, ...messages] of refused) {
    it(`are refused for ${JSON.stringify(yaml)}`, async () => {
      await assert.rejects(valuesOf(yaml), (error: FrontMatterError) => {
        assert.equal(error.name, "FrontMatterError");
        const told = error.faults.map(({ line, message }) => `line ${line}: ${message}`);
        assert.equal(told.length, messages.length, told.join("\n"));
        for (const [index, message] of messages.entries()) assert.match(told[index] ?? "", message);
        return true;
      });
    });
  }

  it("count lines as the file has them, with any line ends", async () => {
    await assert.rejects(
      readPage("---\r\ntitle: x\r\n\r\ntitel: y\r\n---\r\n"),
      /^FrontMatterError: line 4:/,
    );
  });
});
