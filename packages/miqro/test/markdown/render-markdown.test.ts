import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { inflateMDtoHTML } from "../../dist/markdown/render-markdown.js";

describe("inflateMDtoHTML", () => {
  it("renders GitHub-flavoured Markdown", () => {
    const cases: readonly (readonly [string, string])[] = [
      ["**a** _b_ ~~c~~ `d`", "<p><strong>a</strong> <em>b</em> <del>c</del> <code>d</code></p>"],
      ["a  \nb", "<p>a<br>b</p>"],
      ["[a](/b 'c')", '<p><a href="/b" title="c">a</a></p>'],
      ["![a *b*](c.png)", '<p><img src="c.png" alt="a b"></p>'],
      ["[a]\n\n[a]: https://b.c", '<p><a href="https://b.c">a</a></p>'],
      ["https://a.b/?c=1&d=2", '<p><a href="https://a.b/?c=1&amp;d=2">https://a.b/?c=1&amp;d=2</a></p>'],
      ["see www.a.b.", '<p>see <a href="http://www.a.b">www.a.b</a>.</p>'],
      ["<a@b.c>", '<p><a href="mailto:a@b.c">a@b.c</a></p>'],
      ["```js\na < b\n```", '<pre><code class="language-js">a &lt; b\n</code></pre>'],
      ["> a", "<blockquote>\n<p>a</p>\n</blockquote>"],
      ["1. a\n2. b", "<ol>\n<li>a</li>\n<li>b</li>\n</ol>"],
      ["- [x] a", '<ul>\n<li><input checked="" disabled="" type="checkbox"> a</li>\n</ul>'],
      ["a & b &lt; c \\<d\\>", "<p>a &amp; b &lt; c &lt;d&gt;</p>"],
      ["a_b_c and _d_", "<p>a_b_c and <em>d</em></p>"],
    ];
    for (const [markdown, html] of cases) assert.equal(inflateMDtoHTML(markdown).trim(), html);
    assert.match(inflateMDtoHTML("|a|b|\n|-|:-:|\n|c|d|"), /<td>c<\/td>\n<td align="center">d<\/td>/);
  });

  it("gives the same for trusted text, with its HTML", () => {
    assert.equal(inflateMDtoHTML("**a** <b>c</b>", { unsafe: true }), "<p><strong>a</strong> <b>c</b></p>\n");
    assert.equal(
      inflateMDtoHTML("[a](javascript:b)", { unsafe: true }),
      '<p><a href="javascript:b">a</a></p>\n',
    );
  });

  it("gives each heading an id that no other has", () => {
    const ids = (markdown: string) =>
      Array.from(inflateMDtoHTML(markdown, { unsafe: true }).matchAll(/ id="([^"]*)"/g), ([, id]) => id);
    assert.deepEqual(ids("# Hello, *World*!\n## Hello World\n### Ünï `code`\n# !\n# !"), [
      "hello-world",
      "hello-world-1",
      "ünï-code",
      "section",
      "section-1",
    ]);
    assert.deepEqual(ids("# a\n# a\n# a-1\n# a\n# a-1"), ["a", "a-1", "a-1-1", "a-2", "a-1-2"]);
    assert.equal(new Set(ids("# a 1\n# a\n# a\n# a 1 1\n# a 1\n# a\n# a")).size, 7);
    assert.deepEqual(ids("# constructor\n# hasOwnProperty"), ["constructor", "hasownproperty"]);
  });

  it("marks the ids of text by strangers, and the links to them", () => {
    assert.equal(
      inflateMDtoHTML("# Top\n[up](#top)"),
      '<h1 id="user-content-top">Top</h1>\n<p><a href="#user-content-top">up</a></p>\n',
    );
  });
});
