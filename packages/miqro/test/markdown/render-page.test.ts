import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { renderMarkdownPage } from "../../dist/markdown/render-page.js";

const render = (source: string) => renderMarkdownPage({ source, file: "/app/http/guide.html.md" });
const titleOf = (source: string) => /<title>(.*)<\/title>/.exec(render(source))?.[1];

describe("renderMarkdownPage", () => {
  it("writes a whole document", () => {
    assert.equal(
      render('---\ntitle: Guide\ndescription: All of "it"\nlang: de\n---\n# Start\n\n<b>Text</b>\n'),
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

  it("takes the title from the front matter, else from the first heading, else from the file", () => {
    assert.equal(titleOf("---\ntitle: A & <b>\n---\n# Heading"), "A &amp; &lt;b&gt;");
    assert.equal(
      titleOf("text\n\n## The *first* `<one>` [of](x) &amp; all\n\n# Other"),
      "The first &lt;one&gt; of &amp; all",
    );
    assert.equal(titleOf("text"), "guide");
  });

  it("is in English unless the front matter says otherwise", () => {
    assert.match(render(""), /<html lang="en">/);
  });

  it("names the line of a malformed front matter", () => {
    assert.throws(() => render("---\nno\n---\n"), {
      name: "MiqroError",
      message: /^Line 2 of the front matter must be/,
    });
  });

  it("says that layouts are not available yet", () => {
    assert.throws(() => render("---\nlayout: wide\n---\n"), {
      code: "ERR_NOT_AVAILABLE",
      message: /"wide".*not available yet/,
    });
  });
});
