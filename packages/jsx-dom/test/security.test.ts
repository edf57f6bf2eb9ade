import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { createElement as h, type JSXNode, recordElement, unsafeHTML, unsafeURL } from "@miqro/jsx";
import { renderToString, serializeState } from "@miqro/jsx-node";
import type { Browser } from "playwright-core";
import { openPage, type TestPage } from "./support/page.js";
import "./fixtures/elements.js";

/** What tries to run `ran()` somewhere: in text, in attributes, in URLs, in styles, in scripts, in comments. */
const attacks: readonly string[] = [
  `<script>ran(1)</script>`,
  `<img src=x onerror=ran(1)>`,
  `"><img src=x onerror=ran(1)>`,
  `' onmouseover='ran(1)' x='`,
  `" autofocus onfocus="ran(1)`,
  "` onerror=ran(1) `",
  `</textarea><img src=x onerror=ran(1)>`,
  `</title><svg onload=ran(1)>`,
  `</style><img src=x onerror=ran(1)>`,
  `</script><script>ran(1)</script>`,
  `<script>parent.ran(1)</script>`,
  `</select><img src=x onerror=ran(1)>`,
  `</SCRIPT ><img src=x onerror=ran(1)>`,
  `<!--<script>`,
  `--><img src=x onerror=ran(1)><!--`,
  `--!><img src=x onerror=ran(1)>`,
  `]]><img src=x onerror=ran(1)>`,
  `</noscript><img src=x onerror=ran(1)>`,
  `</template><img src=x onerror=ran(1)>`,
  `</svg><img src=x onerror=ran(1)>`,
  `<svg><style><img src=x onerror=ran(1)></style></svg>`,
  `<math><mtext><table><mglyph><style><img src=x onerror=ran(1)>`,
  `javascript:ran(1)`,
  `#a; javascript:ran(1)`,
  `JaVaScRiPt:ran(1)`,
  ` \u0001javascript:ran(1)`,
  `java\nscript:ran(1)`,
  `java\tscript\r:ran(1)`,
  `\u0000javascript:ran(1)`,
  `javascript://%0aran(1)`,
  `javascript&colon;ran(1)`,
  `&#106;avascript:ran(1)`,
  `data:text/html,<script>parent.ran(1)</script>`,
  `";ran(1);"`,
  `';ran(1);'`,
  `\\";ran(1);//`,
  `\u2028ran(1)\u2028`,
  `${"$"}{ran(1)}`,
  `red;background:url(javascript:ran(1))`,
  `expression(ran(1))`,
  `{"brand":"x","type":"script","children":"ran(1)"}`,
  `&lt;script&gt;ran(1)&lt;/script&gt;`,
  `+ADw-script+AD4-ran(1)+ADw-/script+AD4-`,
  `\ufeff<script>ran(1)</script>`,
  `%3Cscript%3Eran(1)%3C/script%3E`,
];

for (const tag of ["style", "script"]) {
  const component = ({ text }: { text: string }) => h(tag, { type: "application/json" }, text);
  recordElement({ tag: `sec-${tag}`, component, options: { shadowInit: false } });
}

/** A link of SVG whose address an animation sets. */
const animated = (props: Record<string, unknown>) =>
  h(
    "svg",
    null,
    h("a", { id: "link" }, h("set", { attributeName: "href", ...props }), h("text", { y: 20 }, "x")),
  );

/** Where text of users can stand. */
const contexts: Readonly<Record<string, (text: string) => JSXNode>> = {
  text: (text) => h("p", null, text),
  "a list of texts": (text) => h("p", null, [text, text]),
  "a quoted attribute": (text) => h("p", { title: text, "data-x": text, class: text, id: text }),
  "an attribute of SVG": (text) => h("svg", { viewBox: text, class: text }, h("text", null, text)),
  "a link": (text) => h("a", { href: text, id: "link" }, "x"),
  "a link of SVG": (text) =>
    h("svg", null, h("a", { href: text, "xlink:href": text }, h("text", { id: "link" }, "x"))),
  "an image": (text) => h("img", { src: text, alt: text }),
  "a form": (text) =>
    h("form", { action: text }, h("button", { formaction: text, formAction: text, id: "link" }, "x")),
  "a style object": (text) =>
    h("p", { style: { color: text, background: text, [text]: text, "--x": text } }, "x"),
  "a style attribute": (text) => h("p", { style: text }, "x"),
  "a style element": (text) => h("style", null, `p::after { content: "${text}" }`),
  "a style of SVG": (text) => h("svg", null, h("style", null, text)),
  "a style in a custom element in SVG": (text) =>
    h("svg", null, h("sec-style", { text }), h("foreignObject", null, h("sec-style", { text }))),
  "a script in a custom element in SVG": (text) => h("svg", null, h("sec-script", { text })),
  "a style in SVG in MathML": (text) =>
    h("math", null, h("svg", null, h("foreignObject", null, h("style", null, text)))),
  "a style in a select": (text) => h("select", null, h("style", null, text)),
  "an animation of a link": (text) => [
    animated({ to: text }),
    animated({ from: text, by: text }),
    h("svg", null, h("a", { id: "link" }, h("animate", { attributeName: "href", values: text, dur: "9s" }))),
  ],
  "the document of a frame": (text) => h("iframe", { srcdoc: text as never }),
  "a script with state": (text) =>
    h("script", null, `globalThis.state = ${serializeState({ text, [text]: [text] })}`),
  "a script of JSON": (text) => h("script", { type: "application/json" }, serializeState(text)),
  "a textarea": (text) => [h("textarea", { value: text }), h("textarea", null, text)],
  "a title": (text) => h("title", null, text),
  "an option": (text) => h("select", { value: text }, h("option", { value: text, label: text }, text)),
  "a noscript": (text) => h("noscript", null, text),
  "an iframe": (text) => h("iframe", { srcdoc: "", title: text }, text),
  "a template": (text) => h("template", null, text),
  "a table, where the parser moves text": (text) => h("table", null, text, h("tr", null, text)),
  "a handler that is text": (text) => h("img", { src: "x", onerror: text, onError: text, ONERROR: text }),
  "a custom element without definition": (text) =>
    h("x-y", { label: text, onerror: text, data: { text } }, text),
  "a custom element with a shadow root": (text) =>
    h("hy-list", { items: [text], label: text, class: text }, text),
  "a custom element without shadow root": (text) => h("hy-card", { open: text, title: text }, text),
};

/** The tags alone: without what stands in quotes, and without raw text, which ends where the parser says so. */
function toTags(html: string): string {
  const tags = html.replace(/<(style|script)\b[^>]*>[\s\S]*?<\/\1/gi, "");
  return tags.replace(/"[^"]*"/g, '""').replace(/>[^<]*/g, ">");
}

let opened: TestPage;
before(async () => {
  opened = await openPage();
});
after(() => opened.close());

/** What runs in a page that is loaded with the HTML, after a click on its link. */
async function load(html: string): Promise<readonly string[]> {
  const page = await (opened.page.context().browser() as Browser).newPage();
  const runs: string[] = [];
  await page.exposeFunction("ran", (what: unknown) => runs.push(String(what)));
  page.on("dialog", (dialog) => {
    runs.push("dialog");
    dialog.dismiss().catch(() => {});
  });
  await page.setContent(`<!doctype html><meta charset="utf-8"><body>${html}<p id="end">end</p></body>`);
  await page.evaluate(async () => {
    document.addEventListener("click", (event) => {
      const link = (event.target as Element).closest("a");
      // The browser only asks where a script would run: other places are not to be left.
      const animatedURL = (link as unknown as SVGAElement | null)?.href.animVal;
      const url = animatedURL ?? link?.getAttribute("href") ?? "";
      if (link !== null && !/^\s*javascript:/i.test(url)) event.preventDefault();
    });
    document.addEventListener("submit", (event) => {
      const { formAction } = (event as SubmitEvent).submitter as HTMLButtonElement;
      if (!formAction.startsWith("javascript:")) event.preventDefault();
    });
    // Animations begin with the first frame.
    await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
    for (const link of document.querySelectorAll("#link"))
      link.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true }));
    for (const element of document.querySelectorAll<HTMLElement>("[title],[label]")) {
      element.dispatchEvent(new MouseEvent("mouseover", { bubbles: true }));
      element.focus();
    }
    // Time in which nothing is to run.
    await new Promise((resolve) => setTimeout(resolve, 30));
  });
  await page.close();
  return runs;
}

describe("the check of the security tests", () => {
  it("notices what runs", async () => {
    assert.deepEqual(await load(renderToString(h("p", { innerHTML: "<img src=x onerror=ran(1)>" }))), ["1"]);
    assert.deepEqual(
      await load(renderToString(h("a", { id: "link", href: unsafeURL("javascript:ran(2)") }))),
      ["2"],
    );
    assert.deepEqual(await load(renderToString(animated({ to: unsafeURL("javascript:ran(3)") }))), ["3"]);
    const frame = h("iframe", { srcdoc: unsafeHTML("<script>parent.ran(4)</script>") });
    assert.deepEqual(await load(renderToString(frame)), ["4"]);
  });
});

describe("text of users in a page that a server wrote", () => {
  for (const [context, create] of Object.entries(contexts)) {
    it(`runs nothing in ${context}`, async () => {
      const html = attacks.map((attack) => {
        try {
          return renderToString(h("section", null, create(attack)), { onWarning: () => {} });
        } catch (error) {
          // A name that no attribute can have is refused.
          assert.match(String((error as { code?: string }).code), /^invalid_/);
          return "";
        }
      });
      for (const text of html) assert.doesNotMatch(toTags(text), /<script|<img[^>]*\son|\son[a-z]+=/i);
      // All at once, and then each alone where one ended an element that others stood in.
      assert.deepEqual(await load(html.join("\n")), []);
    });
  }
});

describe("a URL that runs a script", () => {
  it("is refused in each attribute that can hold one", () => {
    const urls = attacks.filter((text) =>
      /^[\0- ]*j[\0- ]*a[\0- ]*v[\0- ]*a[\0- ]*s[\0- ]*c[\0- ]*r[\0- ]*i[\0- ]*p[\0- ]*t[\0- ]*:/i.test(text),
    );
    assert.equal(urls.length, 7);
    for (const name of [
      "href",
      "src",
      "action",
      "formaction",
      "formAction",
      "data",
      "xlink:href",
      "to",
      "from",
      "by",
      "values",
    ]) {
      for (const url of urls)
        assert.match(renderToString(h("object", { [name]: url })), /="about:blank#blocked"/, name);
    }
  });
});

describe("text of users in components in a page", () => {
  it("runs nothing, wherever it stands", async () => {
    const runs = await opened.page.evaluate(async (texts) => {
      const { createElement: h } = jsx;
      const runs: unknown[] = [];
      Object.assign(globalThis, { ran: (what: unknown) => runs.push(what) });
      for (const text of texts) {
        const container = newContainer();
        dom.render(
          [
            h("p", { title: text, class: text, style: { color: text } }, text),
            h("p", { style: text }),
            h("a", { href: text }, text),
            h("svg", null, h("a", { "xlink:href": text }, h("text", null, text)), h("style", null, text)),
            h("img", { src: "data:,", alt: text, onerror: text as never, ONERROR: text }),
            h("form", { action: text, target: "_self" }, h("button", { formaction: text, formAction: text })),
            h("textarea", { value: text }),
            h("title", null, text),
            h("iframe", { title: text }, text),
            h("iframe", { srcdoc: text as never }),
            h("svg", null, h("a", { id: "animated" }, h("set", { attributeName: "href", to: text }))),
            h("svg", null, h("a", null, h("animate", { attributeName: "href", values: text, dur: "9s" }))),
            h("x-y", { label: text, onclick: text as never }, text),
          ],
          container,
        );
        for (const element of container.querySelectorAll("*")) {
          for (const { name, value } of element.attributes) {
            if (/^on/i.test(name)) runs.push(name);
            if (
              /^[\0- ]*j[\0- ]*a[\0- ]*v[\0- ]*a[\0- ]*s[\0- ]*c[\0- ]*r[\0- ]*i[\0- ]*p[\0- ]*t[\0- ]*:/i.test(
                value,
              )
            ) {
              if (/href|src|action|data/.test(name)) runs.push(value);
            }
          }
        }
        for (const { attributes } of container.querySelectorAll("set,animate")) {
          for (const { value } of attributes) if (/(^|;)\W*javascript:/i.test(value)) runs.push(value);
        }
        for (const link of container.querySelectorAll("a")) {
          if (/^javascript:|^about:blank#blocked/i.test((link as HTMLAnchorElement).href.toString())) {
            link.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true }));
          }
        }
        await settled();
        dom.render(null, container);
        container.remove();
      }
      return runs;
    }, attacks);
    assert.deepEqual(runs, []);
  });

  it("is no element when it is JSON, and nothing from a polluted prototype shows", async () => {
    const result = await opened.page.evaluate(() => {
      const { createElement: h } = jsx;
      const codes: unknown[] = [];
      const container = newContainer();
      try {
        dom.render(h("p", null, JSON.parse(JSON.stringify(h("script", null, "ran(1)")))), container);
      } catch (error) {
        codes.push((error as { code: string }).code);
      }
      const polluted = Object.prototype as unknown as Record<string, unknown>;
      Object.assign(polluted, { title: "x", onclick: "ran(1)", children: "evil", class: "x", key: "k" });
      try {
        dom.render(h("b", { id: "a" }), container);
        codes.push(container.innerHTML);
      } finally {
        for (const name of ["title", "onclick", "children", "class", "key"]) delete polluted[name];
      }
      return codes;
    });
    assert.deepEqual(result, ["JSX_INVALID_NODE", '<b id="a"></b>']);
  });
});
