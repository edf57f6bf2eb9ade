import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { readPage } from "../../dist/markdown/read-page.js";
import { renderPageContent, toDocument } from "../../dist/markdown/render-page.js";

const render = async (text: string) =>
  toDocument(renderPageContent(await readPage(text), "/app/http/guide.html.md"));
const titleOf = async (text: string) => /<title>(.*)<\/title>/.exec(await render(text))?.[1];

describe("a Markdown page without a layout", () => {
  it("writes a whole document", async () => {
    assert.equal(
      await render('---\ntitle: Guide\ndescription: All of "it"\nlang: de\n---\n# Start\n\n<b>Text</b>\n'),
      [
        "<!DOCTYPE html>",
        '<html lang="de">',
        "<head>",
        '<meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        "<title>Guide</title>",
        '<meta name="description" content="All of &quot;it&quot;">',
        "</head>",
        "<body>",
        "<main>",
        '<h1 id="start">Start</h1>',
        "<p><b>Text</b></p>",
        "</main>",
        "</body>",
        "</html>",
        "",
      ].join("\n"),
    );
  });

  it("takes the title from the front matter, else from the first heading, else from the file", async () => {
    assert.equal(await titleOf("---\ntitle: A & <b>\n---\n# Heading"), "A &amp; &lt;b&gt;");
    assert.equal(
      await titleOf("text\n\n## The *first* `<one>` [of](x) &amp; all\n\n# Other"),
      "The first &lt;one&gt; of &amp; all",
    );
    assert.equal(await titleOf("text"), "guide");
  });

  it("is in English unless the front matter says otherwise", async () => {
    assert.match(await render(""), /<html lang="en">/);
  });
});
