import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { cpuTime } from "miqro-tests/cpu-time";
import { inflateMDtoHTML } from "../../dist/markdown/render-markdown.js";

const plainTag =
  /<\/?(?:p|em|strong|del|code|pre|blockquote|ul|ol|li|table|thead|tbody|tr|th|td|a|h[1-6]|hr|br)>/g;
const tagWithAttributes = new RegExp(
  [
    '<code class="language-[^"<>]*">',
    '<ol start="\\d+">',
    '<t[hd] align="(?:left|center|right)">',
    '<input (?:checked="" )?disabled="" type="checkbox">',
    '<h[1-6] id="user-content-[^"<>]*">',
    '<a href="([^"<>]*)"(?: title="[^"<>]*")?>',
    '<img src="([^"<>]*)" alt="[^"<>]*"(?: title="[^"<>]*")?>',
  ].join("|"),
  "g",
);

/** What a browser makes of an attribute's value, before it looks for a scheme. */
function toScheme(attribute: string): string {
  const text = attribute
    .replaceAll(/&#x?[\da-f]+;?/gi, (reference) => {
      const digits = reference.replaceAll(/[&#;]/g, "");
      return String.fromCodePoint(
        digits.startsWith("x") ? Number.parseInt(digits.slice(1), 16) : Number(digits),
      );
    })
    .replaceAll(
      /&(colon|tab|newline|amp);?/gi,
      (_, name: string) => ({ colon: ":", amp: "&" })[name.toLowerCase()] ?? "",
    );
  // biome-ignore lint/suspicious/noControlCharactersInRegex: browsers drop them
  return (/^[a-z][a-z0-9+.-]*(?=:)/i.exec(text.replaceAll(/[\u0000-\u0020]/g, ""))?.[0] ?? "").toLowerCase();
}

/** Only the tags that Markdown has, only the attributes that they need, only URLs that do no harm. */
function assertHarmless(markdown: string): void {
  const html = inflateMDtoHTML(markdown);
  const rest = html
    .replaceAll(plainTag, "")
    .replaceAll(tagWithAttributes, (_, link?: string, image?: string) => {
      const scheme = toScheme(link ?? image ?? "");
      const isAllowed = ["", "http", "https"].includes(scheme) || (link !== undefined && scheme === "mailto");
      assert.ok(isAllowed, `${scheme}: from ${JSON.stringify(markdown)} in ${html}`);
      return "";
    });
  assert.doesNotMatch(rest, /[<>]/, `${JSON.stringify(markdown)} gives ${html}`);
}

const harmfulUrls = [
  "javascript:alert(1)",
  "JaVaScRiPt:alert(1)",
  " javascript:alert(1)",
  "javascript&#58;alert(1)",
  "javascript&#x3A;alert(1)",
  "javascript&#0000058;alert(1)",
  "javascript&#58alert(1)",
  "javascript&colon;alert(1)",
  "&#106;avascript:alert(1)",
  "&#x6A&#x61vascript:alert(1)",
  "&amp;#106;avascript:alert(1)",
  "java\tscript:alert(1)",
  "java&Tab;script:alert(1)",
  "java&NewLine;script:alert(1)",
  "java&#10;script:alert(1)",
  "\u0001javascript:alert(1)",
  "&#1;javascript:alert(1)",
  "\u200bjavascript:alert(1)",
  "javascript\\:alert(1)",
  "java\\script:alert(1)",
  "vbscript:x",
  "data:text/html,<script>alert(1)</script>",
  "data:image/svg+xml;base64,PHN2Zz4=",
  "file:///etc/passwd",
  "blob:https://a/b",
  "view-source:javascript:1",
  "x:y",
];

describe("inflateMDtoHTML with text by strangers", () => {
  it("keeps no URL that could run or reveal something, in whatever form it is written", () => {
    for (const url of harmfulUrls) {
      for (const markdown of [
        `[a](${url})`,
        `[a](<${url}>)`,
        `[a](${url} "title")`,
        `![a](${url})`,
        `![a](<${url}>)`,
        `[![a](${url})](${url})`,
        `<${url}>`,
        `[a][b]\n\n[b]: ${url}`,
        `[a][b]\n\n[b]: <${url}>`,
        `![a]\n\n[a]: ${url} 't'`,
        `[a]: ${url}\n\n> [a]`,
        `|[a](${url})|\n|-|\n|![a](${url})|`,
        `# [a](${url})`,
        `- [a](${url})\n  1. <${url}>`,
        url,
      ]) {
        assertHarmless(markdown);
      }
    }
  });

  it("keeps http, https, mailto and relative URLs", () => {
    for (const url of [
      "http://a.b",
      "HTTPS://a.b/c?d#e",
      "mailto:a@b.c",
      "/a:b",
      "a/b:c",
      "?a=b:c",
      "#a:b",
      "../a",
      "//a.b",
    ]) {
      assert.match(inflateMDtoHTML(`[x](${url})`), /<a href="/, url);
    }
    assert.equal(inflateMDtoHTML("![x](/?a=1&amp;b)"), '<p><img src="/?a=1&amp;b" alt="x"></p>\n');
    assert.equal(inflateMDtoHTML("![x](mailto:a@b.c)"), "<p>x</p>\n");
    assert.equal(inflateMDtoHTML("[x](/a%20b%zz)"), '<p><a href="/a%20b%25zz">x</a></p>\n');
    assert.equal(
      inflateMDtoHTML("[x](/?a=1&amp;b=%22\"')"),
      '<p><a href="/?a=1&amp;b=%22%22&#39;">x</a></p>\n',
    );
  });

  it("prints raw HTML as text", () => {
    for (const html of [
      "<script>alert(1)</script>",
      "<img src=x onerror=alert(1)>",
      "<b onmouseover=alert(1)>x</b>",
      "<div>\n<script>x</script>\n</div>",
      "<pre>a < img src=x onerror=alert(1)></pre>",
      "<pre>\n**a** <svg/onload=x>\n</pre>",
      "<style>*{}</style>",
      "<!-- --><script>x</script>",
      "<!--><script>x</script>-->",
      "<![CDATA[<script>x</script>]]>",
      "<?php ?><script>",
      "<!DOCTYPE a><x>",
      "</p></main><script>",
      '<a href="javascript:x">y</a>',
      "text <iframe srcdoc='<script>x</script>'> text",
      "<math><mi><style><img src onerror=x></style>",
      "- <u>\n  <script>\n",
      "> <textarea>\n> </textarea><script>",
      "<a\nhref='x'\n>",
      "[<img src=x onerror=y>](z)",
      "![<img src=x onerror=y>](z)",
      '![" onerror="x](y)',
      '![a](b " onerror=x ")',
      "[a](b '\"><script>')",
      '[a](b"onclick="x)',
      '```"><script>\n</code><script>\n```',
      "`<script>`",
      '# <script>"id',
      "|<script>|\n|-|\n|<script>|",
      "[a]: b '\"><script>'\n\n[a]",
      "&lt;script&gt; &#60;script&#62;",
      "\\<script\\>",
    ]) {
      assertHarmless(html);
    }
  });

  it("reads Markdown within the text that is raw HTML elsewhere", () => {
    assert.equal(
      inflateMDtoHTML("<div>\n**a**\n</div>"),
      "<p>&lt;div&gt;\n<strong>a</strong>\n&lt;/div&gt;</p>\n",
    );
    assert.match(inflateMDtoHTML("<a href=x> https://a.b </a>"), /<a href="https:\/\/a\.b">/);
  });

  it("is harmless whatever is put together", () => {
    const pieces = fc.constantFrom(
      ...[
        "[",
        "]",
        "(",
        ")",
        "!",
        "<",
        ">",
        '"',
        "'",
        "\\",
        "`",
        "```",
        "*",
        "_",
        "~~",
        "#",
        "> ",
        "- ",
        "1. ",
        "|",
        "|-|",
      ],
      ...[
        "\n",
        "\n\n",
        "  ",
        "\t",
        "    ",
        ":",
        "&",
        ";",
        "&#58;",
        "&colon;",
        "&Tab;",
        "&quot;",
        "&lt;",
        "a",
        "x.y",
        "/",
      ],
      ...[
        "javascript:",
        "data:",
        "https://",
        "www.",
        "@",
        "<script>",
        "</script>",
        "<img src=x onerror=y>",
        "<!--",
        "-->",
      ],
      ...["[a]: ", "[a]", "](", "<a href=", "<pre>", "onerror=x", "\u0000", "\ud800", "\u200b", "\r", "==="],
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 25 }), (parts) => assertHarmless(parts.join(""))),
      { numRuns: 2_000 },
    );
  });

  it("takes a bounded time for texts that are made to take long", () => {
    const size = 100_000;
    const filled = (piece: string, end = "") => piece.repeat(size).slice(0, size - end.length) + end;
    const texts = [
      ...[
        ">",
        "> ",
        "- ",
        "1. ",
        "> - ",
        "[",
        "![",
        "[a](",
        "[a](<b",
        "[a](b '",
        "[a][",
        "*a ",
        "**a_ ",
        "_*",
        "~a ",
      ].map((piece) => filled(piece)),
      ...[
        "<",
        "<a ",
        "<!-- ",
        "`a",
        "&#",
        "\\",
        "[\\",
        "# a\n",
        "- a\n",
        "```\n",
        "http://",
        "www.",
        "|a|\n|-|\n\n",
        "\n",
        " ",
      ].map((piece) => filled(piece)),
      filled("a.", "@a"),
      `http://a${filled(".").slice(9)}`,
      `[a](&#1${filled("1").slice(9)})`,
      `${"*".repeat(size / 2)}a`.padEnd(size, "*"),
      `${"*a ".repeat(size / 6)}${"b* ".repeat(size / 6)}`,
      Array.from({ length: 440 }, (_, depth) => `${" ".repeat(depth)}- a`).join("\n"),
      Array.from({ length: 440 }, (_, depth) => `${">".repeat(depth)} a`).join("\n"),
      `${"|a".repeat(1_000)}\n${"|-".repeat(1_000)}\n${"|\n".repeat(40_000)}`,
      `${"|a".repeat(1_000)}\r${"|-".repeat(1_000)}\r${"|\r".repeat(40_000)}`,
    ];
    for (const text of texts) {
      let html = "";
      const elapsed = cpuTime(() => {
        html = inflateMDtoHTML(text);
      });
      const what = JSON.stringify(text.slice(0, 20));
      // What grows with the square takes many seconds here, the rest a tenth of one.
      assert.ok(elapsed < 4_000, `${what} took ${elapsed.toFixed(0)} ms`);
      assert.ok(html.length < 30 * size, `${what} gave ${html.length} characters`);
    }
  });

  it("refuses texts of more than 100,000 characters", () => {
    assert.throws(() => inflateMDtoHTML("a".repeat(100_001)), {
      name: "RangeError",
      message: /at most 100000 characters, received: 100001/,
    });
    assert.equal(inflateMDtoHTML("a".repeat(100_001), { unsafe: true }).length, 100_009);
  });
});
