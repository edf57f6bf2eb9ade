import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { marked } from "marked";
import { codeSpan, escapeMarkdown } from "../../dist/documents/inline-text.js";
import { writeMarkdown } from "../../dist/documents/markdown.js";
import { operationId } from "../../dist/documents/operation-id.js";
import { describeProject, everyFeature } from "../support/documents.js";

/** The text that HTML shows, without its marks. */
const textOf = (html: string): string =>
  html
    .replace(/<[^>]*>/g, "")
    .replace(/&lt;/g, "<")
    .replace(/&gt;/g, ">")
    .replace(/&quot;/g, '"')
    .replace(/&#39;/g, "'")
    .replace(/&#64;/g, "@")
    .replace(/&#124;/g, "|")
    .replace(/&amp;/g, "&");

describe("escapeMarkdown", () => {
  const cases: readonly [text: string, html: string][] = [
    ["plain text", "plain text"],
    ["`code` and *not strong*", "<code>code</code> and *not strong*"],
    ["<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"],
    ["[a](javascript:b) ![c](d)", "[a](javascript:b) ![c](d)"],
    ["# no title", "# no title"],
    ["1. no list", "1. no list"],
    ["- no list", "- no list"],
    ["http://example.com www.example.com a@example.com", "http://example.com www.example.com a@example.com"],
    ["a | b", "a | b"],
    ["&amp; &lt;", "&amp;amp; &amp;lt;"],
  ];
  for (const [text, html] of cases) {
    it(`shows ${JSON.stringify(text)} as it is`, () => {
      assert.equal(marked.parse(escapeMarkdown(text)), `<p>${html}</p>\n`);
    });
  }

  it("shows any text as it is, in a line and in a cell of a table", () => {
    const characters = fc.constantFrom(..."abc 1.-+*_~`|\\<>&[]()!#\"'{}:/@=\n");
    fc.assert(
      fc.property(fc.string({ unit: characters, maxLength: 30 }), (text) => {
        const shown = text.replace(/`([^`\n]+)`/g, (_all, code: string) => code.replace(/\s+/g, " "));
        const plain = (one: string): string => one.replace(/\s+/g, "");
        assert.equal(plain(textOf(marked.parse(escapeMarkdown(text)) as string)), plain(shown));
        const table = marked.parse(`| a |\n| --- |\n| x${escapeMarkdown(text)} |`) as string;
        assert.equal(plain(textOf(/<td>(.*)<\/td>/s.exec(table)?.[1] ?? "")), plain(`x${shown}`));
      }),
      { numRuns: 2000 },
    );
  });

  it("shows any code as it is", () => {
    fc.assert(
      fc.property(
        fc.string({ maxLength: 20 }).filter((text) => text.trim() !== ""),
        (text) => {
          const table = marked.parse(`| a |\n| --- |\n| ${codeSpan(text)} |`) as string;
          const plain = (one: string): string => one.replace(/\s+/g, "");
          assert.equal(plain(textOf(/<code>(.*)<\/code>/s.exec(table)?.[1] ?? "")), plain(text));
        },
      ),
    );
  });
});

describe("the Markdown document", () => {
  it("lists what is in bodies, and links to each route", async () => {
    const { model, project } = await describeProject(everyFeature);
    await project.remove();
    const text = writeMarkdown(model);
    assert.match(text, /^# Every &lt;b\\>feature&lt;\/b\\> &amp; `code`\n/);
    assert.match(text, /\| \[`POST \/schemas`\]\(#post_schemas\) \| every schema \|/);
    assert.match(
      text,
      /\| `text` \| `string` \| yes \| Lower &#124; case `a` only; at least 1 character, at most 9 characters, matches `\^\[a-z\]\+\$` \|/,
    );
    assert.match(text, /\| `tree.children\[\]\.name`|\| `tree\.children` \| `tree_node\[\]` \| yes \|/);
    assert.match(text, /\| `maybe` \| `string \\\| null` \| {2}\| default `"none"` \|/);
    assert.match(text, /### Response 200, 201\n[\s\S]*### Response 204\n[\s\S]*No body\./);
    const html = marked.parse(text) as string;
    assert.doesNotMatch(html, /<b>/);
  });
});

describe("operationId", () => {
  const cases: readonly [method: string, path: string, id: string][] = [
    ["GET", "/", "get"],
    ["GET", "/posts", "get_posts"],
    ["POST", "/posts/:id/clap", "post_posts_byId_clap"],
    ["POST", "/sign-out", "post_signOut"],
  ];
  for (const [method, path, id] of cases) {
    it(`is ${id} for ${method} ${path}`, () => assert.equal(operationId(method, path), id));
  }

  it("is another word for every other path, and a word that programs can use", () => {
    const segment = fc.oneof(
      fc.constantFrom(
        "a",
        "by-id",
        ":id",
        ":Id",
        "byId",
        "b-y",
        "by",
        "id",
        "*",
        ":id.html",
        "x.y",
        "a_b",
        "a-b",
        "ab",
        "aB",
        "é",
        "%2F",
        "1",
      ),
      fc.stringMatching(/^[a-z0-9.-]{1,4}$/),
    );
    const path = fc.array(segment, { maxLength: 3 }).map((parts) => `/${parts.join("/")}`);
    fc.assert(
      fc.property(path, path, (first, second) => {
        assert.match(operationId("GET", first), /^get(?:_[A-Za-z0-9]+)*$/);
        if (first !== second) assert.notEqual(operationId("GET", first), operationId("GET", second));
      }),
      { numRuns: 5000 },
    );
  });
});
