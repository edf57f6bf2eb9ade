import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createElement, jsx, recordElement, unsafeHTML, unsafeURL } from "@miqro/jsx";
import { HTMLEncode, JSXNodeError, renderToString, serializeState } from "@miqro/jsx-node";
import fc from "fast-check";

const h = createElement;
const hasCode = (code: string) => (error: unknown) => error instanceof JSXNodeError && error.code === code;

/** A second, simple way to read what HTMLEncode wrote. */
function decode(html: string): string {
  const entities: Record<string, string> = {
    "&amp;": "&",
    "&lt;": "<",
    "&gt;": ">",
    "&quot;": '"',
    "&#39;": "'",
    "&#13;": "\r",
  };
  return html.replace(/&(?:amp|lt|gt|quot|#39|#13);/g, (entity) => entities[entity] ?? entity);
}

describe("HTMLEncode", () => {
  it("leaves nothing that HTML reads, and loses nothing", () => {
    const text = fc.string({
      unit: fc.constantFrom("&", "<", ">", '"', "'", "\r", "\n", "a", ";", "#", "é", "😀"),
    });
    fc.assert(
      fc.property(text, (value) => {
        const html = HTMLEncode(value);
        assert.doesNotMatch(html, /[<>"'\r]/);
        assert.equal(decode(html), value);
      }),
    );
  });
});

describe("what users write, in a page", () => {
  it("cannot leave text or attributes", () => {
    const text = `</p><script>alert("1" + '2')</script>&amp;`;
    const html = renderToString(h("p", { title: text, class: text }, text));
    const encoded = HTMLEncode(text);
    assert.equal(html, `<p title="${encoded}" class="${encoded}">${encoded}</p>`);
  });

  it("cannot name an attribute or a tag", () => {
    for (const name of [
      "",
      "a b",
      'a"',
      "a'",
      "a>",
      "<a",
      "a=b",
      "a/b",
      "a\u0000",
      "a\n",
      "\u007f",
      "on x=y",
    ]) {
      const warnings: string[] = [];
      const options = { onWarning: (message: string) => warnings.push(message) };
      const props = { id: "i", [name]: "x", title: "t" };
      assert.equal(
        renderToString([h("p", props), h("p", props)], options).slice(0, 25),
        '<p id="i" title="t"></p><',
      );
      recordElement({ tag: "inj-name", component: () => null, options: { shadowInit: false } });
      assert.match(renderToString(h("inj-name", props), options), /^<inj-name id="i" title="t">/);
      // A handler is left out in any case.
      if (name.startsWith("on")) continue;
      assert.equal(warnings.length, 2, name);
      assert.ok(warnings[0]?.startsWith(`The prop ${JSON.stringify(name)} of <p> is left out`), warnings[0]);
    }
    for (const tag of ["", "p onclick=x", "p>", "1", "!--", "/p", "a\u0000"]) {
      assert.throws(() => renderToString(h(tag)), hasCode("JSX_INVALID_TAG"), tag);
    }
  });

  it("cannot become a handler", () => {
    const props = { onclick: "alert(1)", onClick: () => {}, ONLOAD: "alert(1)", OnError: "alert(1)" };
    assert.equal(renderToString(h("img", props)), "<img>");
    assert.equal(renderToString(h("my-element", props)), "<my-element></my-element>");
  });

  it("cannot be a URL that runs a script", () => {
    const url = " java\nscript:alert(1)";
    assert.equal(renderToString(h("a", { href: url })), '<a href="about:blank#blocked"></a>');
    assert.equal(renderToString(h("a", { HREF: url })), '<a href="about:blank#blocked"></a>');
    assert.equal(renderToString(h("a", { href: unsafeURL("javascript:0") })), '<a href="javascript:0"></a>');
  });

  it("cannot be the document of a frame, or animate a link to a script", () => {
    const html = "<script>parent.ran()</script>";
    assert.equal(
      renderToString(h("iframe", { srcDoc: html })),
      '<iframe srcdoc="about:blank#blocked"></iframe>',
    );
    assert.equal(
      renderToString(h("iframe", { srcdoc: unsafeHTML("<p>") })),
      '<iframe srcdoc="&lt;p&gt;"></iframe>',
    );
    for (const name of ["to", "from", "by", "values"]) {
      const set = h("set", { attributeName: "href", [name]: "#a; javascript:ran()" });
      assert.match(renderToString(h("svg", null, set)), /"about:blank#blocked"/);
    }
  });

  it("cannot leave a script or a style, and means the same inside", () => {
    const state = "</script><!--<script>";
    const script = renderToString(h("script", null, `f("${"</scr"}`, `ipt><!--")`));
    assert.equal(script, '<script>f("\\u003c/script>\\u003c!--")</script>');
    const json = renderToString(h("script", { type: "application/json" }, JSON.stringify({ state })));
    assert.deepEqual(JSON.parse(json.slice(json.indexOf(">") + 1, json.lastIndexOf("<"))), { state });
    assert.equal(
      renderToString(h("style", null, "a{content:'</STYLE></noscript>'}")),
      "<style>a{content:'\\3c /STYLE>\\3c /noscript>'}</style>",
    );
    assert.equal(
      renderToString(h("style", null, `@media (400px<width){a{b:url(data:,<b>)}} /* don't <i> */ a{b:"<`)),
      `<style>@media (400px< width){a{b:url(data:,\\3c b>)}} /* don't \\3c i> */ a{b:"<</style>`,
    );
    const importMap = renderToString(h("script", { type: "importmap" }, '{"a":"<b>"}'));
    assert.equal(importMap, '<script type="importmap">{"a":"\\u003cb>"}</script>');
    assert.throws(() => renderToString(h("script", null, h("b"))), hasCode("JSX_INVALID_RAW_TEXT"));
  });

  it("is text like any other in a style or script of SVG, where the parser does not read raw text", () => {
    for (const root of ["svg", "SVG", "math"]) {
      assert.match(renderToString(h(root, null, h("style", null, "<img>"))), /<style>&lt;img&gt;<\/style>/);
    }
    const inside = h("svg", null, h("foreignObject", null, h("style", null, "a>b{}")));
    assert.match(renderToString(inside), /<style>a>b{}<\/style>/);
    const notInside = h("math", null, h("foreignObject", null, h("style", null, "a>b{}")));
    assert.match(renderToString(notInside), /<style>a&gt;b{}<\/style>/);
    const notReal = h("math", null, h("svg", null, h("foreignObject", null, h("script", null, "<img>"))));
    assert.match(renderToString(notReal), /<script>&lt;img&gt;<\/script>/);
  });

  it("stays text in SVG where a custom element of that name is none", () => {
    const component = ({ text }: { text: string }) => h("script", null, text);
    recordElement({ tag: "inj-script", component, options: { shadowInit: false } });
    const node = h("svg", null, h("inj-script", { text: "<img>" }, "x"));
    assert.equal(renderToString(node), '<svg><inj-script text="&lt;img&gt;">x</inj-script></svg>');
  });

  it("cannot add a declaration to a style", () => {
    const values = [
      "red;position:fixed",
      'a\\";position:fixed;\\"',
      '/* " */;position:fixed;/* " */',
      'url("a);position:fixed',
      '"a\n;position:fixed;"',
      "(;(;);position:fixed",
      "[",
      "]",
      "([)]",
      "([)",
      "{",
      "f(;",
      "url(();position:fixed)",
      "u\\72l(();position:fixed)",
      "url(a'b) ; position:fixed ('c)",
      "url(a",
      "red\\",
    ];
    for (const color of values) {
      const html = renderToString(h("i", { style: { color, display: "none" } }));
      assert.equal(html, '<i style="display:none"></i>', color);
    }
    const whole = [
      "[a] 1fr [b]",
      "calc((1px + 2px) * var(--x, max(1px, 2px)))",
      "url( a;b ) url(data:,{;[) f({a:b;c})",
      "\"\\201C;(\" url('a b;') ')'",
    ];
    for (const content of whole) {
      assert.equal(
        renderToString(h("i", { style: { content } })),
        `<i style="content:${HTMLEncode(content)}"></i>`,
      );
    }
    assert.equal(renderToString(h("i", { style: { "a:b;c": "d" } })), "<i></i>");
    const backgroundImage = "url(data:image/png;base64,AA==)";
    assert.match(renderToString(h("i", { style: { backgroundImage } })), /base64/);
  });

  it("is never read from a prototype", () => {
    const inherited = Object.create({
      innerHTML: "<b>",
      onclick: "x",
      title: "t",
      children: "c",
      value: "v",
    });
    assert.equal(renderToString(h("textarea", inherited)), "<textarea></textarea>");
    assert.equal(renderToString(h("p", inherited)), "<p></p>");
  });

  it("is never read from a polluted prototype, whichever transform made the element", () => {
    const polluted: Record<string, string> = {
      children: "c",
      title: "t",
      innerHTML: "<b>",
      is: "x",
      key: "k",
    };
    Object.assign(Object.prototype, polluted);
    try {
      for (const node of [
        jsx("p", {}),
        h("p"),
        h("p", {}),
        h("p", { id: undefined }),
        jsx("p", { id: undefined }),
      ]) {
        assert.equal(renderToString(node), "<p></p>");
      }
      assert.equal(renderToString(jsx("p", { children: "c" })), "<p>c</p>");
      assert.equal(renderToString(h("p", { children: "own" })), "<p>own</p>");
    } finally {
      for (const name of Object.keys(polluted)) Reflect.deleteProperty(Object.prototype, name);
    }
  });

  it("is raw through innerHTML alone", () => {
    assert.equal(renderToString(h("p", { innerHTML: "<b>x</b>" }, "y")), "<p><b>x</b></p>");
    assert.equal(renderToString(h("p", { dangerouslySetInnerHTML: { __html: "<b>" } })), "<p><b></p>");
    assert.equal(renderToString(h("p", { innerHTML: null }, "y")), "<p>y</p>");
  });
});

describe("serializeState", () => {
  it("writes JSON without anything that ends a script", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const json = serializeState({ value, end: "</script><!--\u2028" });
        assert.doesNotMatch(json, /[<>&\u2028\u2029]/);
        assert.deepEqual(JSON.parse(json), JSON.parse(JSON.stringify({ value, end: "</script><!--\u2028" })));
      }),
    );
  });

  it("refuses what JSON cannot hold", () => {
    const cycle: Record<string, unknown> = {};
    cycle.self = cycle;
    for (const value of [undefined, () => {}, cycle, 1n]) {
      assert.throws(() => serializeState(value), hasCode("JSX_INVALID_STATE"));
    }
  });
});
