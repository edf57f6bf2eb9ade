import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { createElement as h, type JSXNode, recordElement, Suspense } from "@miqro/jsx";
import { JSXNodeError, type RenderToStreamOptions, renderToStream } from "@miqro/jsx-node";
import { launchChromium } from "miqro-tests/chromium";
import type { Browser, CDPSession, ConsoleMessage, Page } from "playwright-core";
import { later, serve, textOf, turns } from "./support/streams.js";

async function Late({ children }: { children?: JSXNode }): Promise<JSXNode> {
  await turns();
  return children;
}

const late = (fallback: JSXNode, ...children: JSXNode[]) => {
  return h(Suspense, { fallback }, h(Late, null, ...children));
};

const modes = ["script", "template", false] as const;

/** A policy, the nonce that is given, and whether a script may put late content into place. */
const policies: readonly (readonly [policy: string, nonce: string | undefined, runs: boolean])[] = [
  ["", undefined, true],
  ["", "abc", true],
  ["img-src 'self'", undefined, true],
  ["default-src 'none'", undefined, false],
  ["default-src 'self'", undefined, false],
  ["default-src 'self'", "abc", false],
  ["default-src 'none'; script-src 'unsafe-inline'", undefined, true],
  ["SCRIPT-SRC 'UNSAFE-INLINE'", undefined, true],
  ["script-src 'self' 'nonce-abc'", "abc", true],
  ["script-src 'self' 'nonce-abc'", "ABC", false],
  ["script-src 'self' 'nonce-abc'", undefined, true],
  ["script-src 'nonce-abc' 'strict-dynamic'", "abc", true],
  ["script-src 'unsafe-inline' 'nonce-abc'", "other", false],
  ["script-src 'unsafe-inline' 'sha256-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA='", undefined, false],
  ["script-src 'unsafe-inline' 'strict-dynamic'", undefined, false],
  ["script-src 'self'; script-src-elem 'unsafe-inline'", undefined, true],
  ["script-src 'unsafe-inline'; script-src-elem 'self'", undefined, false],
  ["script-src 'self'; script-src 'unsafe-inline'", undefined, false],
  ["default-src 'unsafe-inline'; script-src-attr 'none'", undefined, true],
  ["script-src 'unsafe-inline', default-src 'none'", undefined, false],
  ["script-src 'nonce-abc', script-src 'nonce-abc' 'self'", undefined, true],
  ["sandbox", undefined, false],
  ["sandbox allow-scripts", undefined, true],
  ["script-src", undefined, false],
  [" ; ;script-src\t'unsafe-inline' ;", undefined, true],
  ["require-trusted-types-for 'script'; trusted-types 'none'", undefined, true],
];

describe("outOfOrder of renderToStream", () => {
  let browser: Browser;
  let page: Page;
  let cdp: CDPSession;
  before(async () => {
    browser = await launchChromium();
    page = await browser.newPage();
    cdp = await page.context().newCDPSession(page);
  });
  after(() => browser.close());

  /** What a browser makes of a page that is sent with a policy. */
  async function show(node: JSXNode, options: RenderToStreamOptions, policy = "") {
    const { url, close } = await serve(
      renderToStream(node, options),
      policy === "" ? {} : { "content-security-policy": policy },
    );
    const violations: string[] = [];
    const listen = (message: ConsoleMessage) => {
      if (/Content Security Policy/.test(message.text())) violations.push(message.text());
    };
    page.on("console", listen);
    await page.goto(url);
    // Not by a script of the page, which its policy may forbid.
    const { root } = await cdp.send("DOM.getDocument", { depth: -1 });
    const { outerHTML } = await cdp.send("DOM.getOuterHTML", { nodeId: root.nodeId });
    page.off("console", listen);
    await close();
    return { html: outerHTML.replace(/<script[\s\S]*?<\/script>/g, ""), violations };
  }

  const tree = h("html", null, h("body", null, h("main", null, late("wait", h("p", null, "come")), "after")));
  const shown = "<html><head></head><body><main><p>come</p>after</main></body></html>";

  for (const [policy, nonce, runs] of policies) {
    it(`shows late content under the policy ${JSON.stringify(policy)} with the nonce ${nonce}`, async () => {
      for (const outOfOrder of modes) {
        const options = { outOfOrder, nonce, contentSecurityPolicy: policy };
        const text = await textOf(renderToStream(tree, options));
        assert.equal(text.includes("<script"), outOfOrder === "script" && runs, `${outOfOrder}`);
        assert.equal(text.includes("<template for="), outOfOrder === "template");
        assert.deepEqual(await show(tree, options, policy), { html: shown, violations: [] }, `${outOfOrder}`);
      }
    });
  }

  /** What a page is, and what a browser shows of it in the end, whichever way late content comes. */
  const pages: readonly (readonly [title: string, node: () => JSXNode, html: string])[] = [
    [
      "a page that begins with it",
      () => [late(h("i", null, "wait"), h("p", null, "come")), h("p", null, "after")],
      "<html><head></head><body><p>come</p><p>after</p></body></html>",
    ],
    [
      "a page that begins with it and has text for a fallback",
      () => [late("wait", "come "), "after"],
      "<html><head></head><body>come after</body></html>",
    ],
    [
      "a page that begins with it and has no fallback",
      () => late(null, h("p", null, "come")),
      "<html><head></head><body><p>come</p></body></html>",
    ],
    [
      "a page that begins with elements of the head",
      () => [
        h("title", null, "T"),
        h("meta", { name: "a", content: "</head>" }),
        h("style", null, "p > a {}"),
        late("wait", h("p", null, "come")),
      ],
      '<html><head><title>T</title><meta name="a" content="&lt;/head&gt;"><style>p > a {}</style></head><body><p>come</p></body></html>',
    ],
    [
      "a document without a body of its own",
      () =>
        h("html", { lang: "en" }, h("head", null, h("title", null, "T")), late("wait", h("p", null, "come"))),
      '<html lang="en"><head><title>T</title></head><body><p>come</p></body></html>',
    ],
    [
      "late elements of a head",
      () =>
        h(
          "html",
          null,
          h("head", null, late(null, h("meta", { name: "x" }))),
          h("body", null, late("wait", "b")),
        ),
      '<html><head><meta name="x"></head><body>b</body></html>',
    ],
    [
      "a header",
      () => [h("header", null, "H"), late("wait", "come")],
      "<html><head></head><body><header>H</header>come</body></html>",
    ],
    [
      "rows, cells and options",
      () => [
        h(
          "table",
          null,
          h("tbody", null, late(h("tr", null, h("td", null, "w")), h("tr", null, h("td", null, "r")))),
        ),
        h("table", null, h("tbody", null, h("tr", null, late(h("td", null, "w"), h("td", null, "c"))))),
        h("select", null, late(h("option", null, "w"), h("option", null, "o"))),
      ],
      "<html><head></head><body><table><tbody><tr><td>r</td></tr></tbody></table>" +
        "<table><tbody><tr><td>c</td></tr></tbody></table><select><option>o</option></select></body></html>",
    ],
    [
      "one in another",
      () => h("main", null, late("w", "a", late("w", h("b", null, "b"), late("w", "c")), late("w", "d"))),
      "<html><head></head><body><main>a<b>b</b>cd</main></body></html>",
    ],
    [
      "many beside each other",
      () =>
        h(
          "ul",
          null,
          Array.from({ length: 50 }, (_, index) => h("li", null, late("w", index))),
        ),
      `<html><head></head><body><ul>${Array.from({ length: 50 }, (_, index) => `<li>${index}</li>`).join("")}</ul></body></html>`,
    ],
    [
      "text that looks like the marks",
      () => [h("p", null, '<?start name="a"><?end>'), late("w", "<?end>")],
      '<html><head></head><body><p>&lt;?start name="a"&gt;&lt;?end&gt;</p>&lt;?end&gt;</body></html>',
    ],
    [
      "SVG, and a custom element without shadow root",
      () => {
        const component = () => late("w", "light");
        recordElement({ tag: "oo-light", component, options: { shadowInit: false } });
        return [h("svg", null, late("w", h("g"))), h("oo-light")];
      },
      "<html><head></head><body><svg><g></g></svg><oo-light><!--$s1-->light</oo-light></body></html>",
    ],
  ];

  for (const [title, node, html] of pages) {
    for (const outOfOrder of modes) {
      it(`puts late content into place in ${title} (${outOfOrder})`, async () => {
        assert.deepEqual(await show(node(), { outOfOrder }), { html, violations: [] });
      });
    }
  }

  it("sends the fallback first, and with false the children in order", async () => {
    for (const outOfOrder of modes) {
      const gate = later<string>();
      const node = h(
        "main",
        null,
        h(
          Suspense,
          { fallback: "wait" },
          h(() => gate.promise),
        ),
        "after",
      );
      const reader = renderToStream(node, { outOfOrder }).pipeThrough(new TextDecoderStream()).getReader();
      const first = (await reader.read()).value ?? "";
      assert.equal(first.includes("wait"), outOfOrder !== false, `${outOfOrder}`);
      assert.equal(first.includes("after"), outOfOrder !== false, `${outOfOrder}`);
      gate.resolve("come");
      assert.match((await reader.read()).value ?? "", /come/);
      await reader.cancel();
    }
  });

  it("leaves the fallback where the children fail", async () => {
    const Broken = async (): Promise<JSXNode> => {
      await turns();
      throw new Error("no luck");
    };
    for (const outOfOrder of modes) {
      const errors: unknown[] = [];
      const node = h("main", null, h(Suspense, { fallback: "sorry" }, h(Broken)), "after");
      const { html } = await show(node, { outOfOrder, onError: (error) => errors.push(error) });
      assert.match(html, /<main>.*sorry.*after<\/main>/);
      assert.match(String(errors), /no luck/);
    }
  });

  it("takes no other option", () => {
    assert.throws(
      () => renderToStream("x", { outOfOrder: "fetch" as never }),
      (error) =>
        error instanceof JSXNodeError &&
        error.code === "JSX_INVALID_OPTION" &&
        error.message === 'The option outOfOrder cannot be "fetch": use "script", "template" or false.',
    );
  });
});
