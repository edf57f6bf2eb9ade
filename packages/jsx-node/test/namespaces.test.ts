import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { createElement as h, type JSXNode, recordElement } from "@miqro/jsx";
import { renderToString } from "@miqro/jsx-node";
import { launchChromium } from "miqro-tests/chromium";
import type { Browser, Page } from "playwright-core";

/** What is inside of the element that a case is about: it shows how the writer and the parser read the place. */
const inside = (): JSXNode => [
  h("ns-card", null, "given"),
  h("style", { id: "style" }, "a > b {}"),
  h("script", { id: "script", type: "text/plain" }, "1 < 2 && '<img>'"),
];

/** A place, and the namespace that elements have there. */
const places: readonly (readonly [
  title: string,
  place: (children: JSXNode) => JSXNode,
  namespace: "html" | "svg" | "math",
])[] = [
  ["a div", (x) => h("div", null, x), "html"],
  ["svg", (x) => h("svg", null, x), "svg"],
  ["a group of svg", (x) => h("svg", null, h("g", null, x)), "svg"],
  ["foreignObject", (x) => h("svg", null, h("foreignObject", null, x)), "html"],
  ["desc of svg", (x) => h("svg", null, h("desc", null, x)), "html"],
  ["title of svg", (x) => h("svg", null, h("title", null, x)), "html"],
  ["desc of a group", (x) => h("svg", null, h("g", null, h("desc", null, x))), "html"],
  ["a div in desc", (x) => h("svg", null, h("desc", null, h("div", null, x))), "html"],
  ["svg in desc", (x) => h("svg", null, h("desc", null, h("svg", null, x))), "svg"],
  ["svg after desc", (x) => h("svg", null, h("desc", null, "d"), h("g", null, x)), "svg"],
  ["desc of no svg", (x) => h("div", null, h("desc", null, x)), "html"],
  ["math", (x) => h("math", null, x), "math"],
  ["mrow", (x) => h("math", null, h("mrow", null, x)), "math"],
  ["mi", (x) => h("math", null, h("mi", null, x)), "html"],
  ["mo", (x) => h("math", null, h("mo", null, x)), "html"],
  ["mn", (x) => h("math", null, h("mn", null, x)), "html"],
  ["ms", (x) => h("math", null, h("ms", null, x)), "html"],
  ["mtext", (x) => h("math", null, h("mrow", null, h("mtext", null, x))), "html"],
  ["mi of no math", (x) => h("mi", null, x), "html"],
  ["mi of svg", (x) => h("svg", null, h("mi", null, x)), "svg"],
  ["desc of math", (x) => h("math", null, h("desc", null, x)), "math"],
  ["foreignObject of math", (x) => h("math", null, h("foreignObject", null, x)), "math"],
  ["svg of math", (x) => h("math", null, h("svg", null, x)), "math"],
  ["desc in svg of math", (x) => h("math", null, h("svg", null, h("desc", null, x))), "math"],
  ["svg in mi", (x) => h("math", null, h("mi", null, h("svg", null, x))), "svg"],
  ["desc in svg in mi", (x) => h("math", null, h("mi", null, h("svg", null, h("desc", null, x)))), "html"],
  ["mglyph in mi", (x) => h("math", null, h("mi", null, h("mglyph", null, x))), "math"],
  ["malignmark in mtext", (x) => h("math", null, h("mtext", null, h("malignmark", null, x))), "math"],
  ["annotation-xml", (x) => h("math", null, h("annotation-xml", null, x)), "math"],
  [
    "annotation-xml of HTML",
    (x) => h("math", null, h("annotation-xml", { encoding: "text/html" }, x)),
    "html",
  ],
  [
    "annotation-xml of XHTML",
    (x) => h("math", null, h("annotation-xml", { encoding: "Application/XHTML+XML" }, x)),
    "html",
  ],
  [
    "annotation-xml of something else",
    (x) => h("math", null, h("annotation-xml", { encoding: "text/htm" }, x)),
    "math",
  ],
  ["math in foreignObject", (x) => h("svg", null, h("foreignObject", null, h("math", null, x))), "math"],
  ["SVG in capitals", (x) => h("SVG", null, x), "svg"],
];

const uris = {
  html: "http://www.w3.org/1999/xhtml",
  svg: "http://www.w3.org/2000/svg",
  math: "http://www.w3.org/1998/Math/MathML",
};

describe("namespaces in a browser", () => {
  let browser: Browser;
  let page: Page;
  before(async () => {
    const component = ({ children }: { children?: JSXNode }) => h("b", null, children);
    recordElement({ tag: "ns-card", component, options: { shadowInit: false } });
    browser = await launchChromium();
    page = await browser.newPage();
  });
  after(() => browser.close());

  for (const [title, place, namespace] of places) {
    it(`are ${namespace} in ${title}`, async () => {
      const html = renderToString(place(inside()));
      await page.setContent(`<!doctype html><body>${html}<i id="after"></i>`);
      const seen = await page.evaluate(`({
        namespaces: [...document.querySelectorAll("#style, #script, ns-card")].map((element) => element.namespaceURI),
        style: document.querySelector("#style").textContent,
        script: document.querySelector("#script").textContent,
        images: document.querySelectorAll("img").length,
        after: document.querySelector("#after").parentNode.localName,
      })`);
      const uri = uris[namespace];
      assert.deepEqual(seen, {
        namespaces: [uri, uri, uri],
        style: "a > b {}",
        script: "1 < 2 && '<img>'",
        images: 0,
        after: "body",
      });
      // Only elements of HTML are custom ones.
      assert.equal(html.includes("<b>"), namespace === "html", html);
    });
  }

  it("never let a script out of what may not be HTML, whatever stands around it", async () => {
    const tags = [
      "svg",
      "math",
      "mi",
      "mglyph",
      "desc",
      "title",
      "p",
      "tr",
      "body",
      "annotation-xml",
      "table",
      "div",
    ];
    const attack = "<img src=x onerror=window.ran=1>";
    for (const first of tags) {
      const html: string[] = [];
      for (const second of tags) {
        for (const third of tags) {
          const tree = h(
            "div",
            null,
            h(
              first,
              null,
              h(
                second,
                null,
                h(third, null, h("script", { type: "text/plain" }, attack), h("style", null, attack)),
              ),
            ),
          );
          html.push(
            renderToString([
              tree,
              h("math", null, tree),
              h("svg", null, tree),
              h("math", null, h("mi", null, tree)),
            ]),
          );
        }
      }
      await page.setContent(`<!doctype html><body>${html.join("</table></div>\n")}`);
      assert.equal(await page.locator("img").count(), 0, first);
    }
  });

  it("write end tags for elements of SVG that HTML knows as void", async () => {
    for (const tag of ["link", "input", "source", "area", "col", "wbr"]) {
      const html = renderToString(h("svg", null, h(tag, { id: "void" }), h("circle", { id: "next" })));
      await page.setContent(`<!doctype html><body>${html}`);
      const parent = await page.evaluate(`document.querySelector("#next").parentNode.localName`);
      assert.equal(parent, "svg", html);
    }
    assert.equal(renderToString(h("svg", null, h("br"))), "<svg><br></svg>");
  });
});

describe("a template", () => {
  it("holds its children as they are, and renders no custom element", () => {
    const node = h("template", { id: "t" }, h("ns-card", { title: "x" }, h("p", null, "a")), [
      h("ns-card"),
      "b",
    ]);
    assert.equal(
      renderToString([node, h("ns-card")]),
      '<template id="t"><ns-card title="x"><p>a</p></ns-card><ns-card></ns-card>b</template>' +
        "<ns-card><!--$s1--><b></b></ns-card>",
    );
  });

  it("is an element like others in SVG", () => {
    assert.equal(
      renderToString(h("svg", null, h("template", null, h("g")))),
      "<svg><template><g></g></template></svg>",
    );
  });
});
