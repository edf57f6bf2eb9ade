import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { after, before, describe, it } from "node:test";
import { Fragment, createElement as h, type JSXNode, Suspense } from "@miqro/jsx";
import { renderToString } from "@miqro/jsx-node";
import { build } from "esbuild";
import fc from "fast-check";
import { launchChromium } from "miqro-tests/chromium";
import type { Browser, Page } from "playwright-core";
import { App, Counter, Form } from "./fixtures/elements.js";

declare global {
  /** The nodes that the page had before its script ran. */
  var nodes: Node[];
  var warnings: string[];
  var fixture: typeof import("./fixtures/elements.js");
}

/** What stands before the script: every node is written down, those of open shadow roots too. */
const remember = `
  globalThis.warnings = [];
  console.warn = (text) => warnings.push(text);
  globalThis.allNodes = (root) => [...root.childNodes].flatMap((node) =>
    [node, ...(node.shadowRoot ? allNodes(node.shadowRoot) : []), ...allNodes(node)]);
`;

let browser: Browser;
let script: string;
/** Another copy of both packages, as another bundle of a page has it. */
let copy: string;
before(async () => {
  const contents = `
    import * as jsx from "@miqro/jsx";
    import * as dom from "@miqro/jsx-dom";
    globalThis.nodes = allNodes(document.body);
    globalThis.before = document.body.innerHTML;
    const { log, ...fixture } = await import("./fixtures/elements.js");
    const settled = () => new Promise((resolve) => setTimeout(resolve));
    Object.assign(globalThis, { jsx, dom, fixture, log, settled });
  `;
  const bundle = async (source: string) => {
    const result = await build({
      stdin: { contents: source, resolveDir: import.meta.dirname },
      bundle: true,
      write: false,
      format: "esm",
      conditions: ["development"],
    });
    return result.outputFiles[0]?.text ?? "";
  };
  script = await bundle(contents);
  copy = await bundle(
    `export { createElement, useId } from "@miqro/jsx"; export { render } from "@miqro/jsx-dom";`,
  );
  browser = await launchChromium();
});
after(() => browser.close());

/** Opens a page that a server rendered, and runs the script in it. */
async function openRendered(node: JSXNode, options: { warns?: boolean } = {}): Promise<Page> {
  const page = await browser.newPage();
  const warned: string[] = [];
  const html = renderToString(node, { onWarning: (message) => warned.push(message) });
  await page.setContent(`<!doctype html><title>t</title><script>${remember}</script><body>${html}</body>`);
  await page.addScriptTag({ content: script, type: "module" });
  await page.waitForFunction("globalThis.fixture !== undefined");
  if (options.warns !== true) assert.deepEqual(await page.evaluate("warnings"), []);
  return page;
}

/** How many of the nodes that the server wrote are still there; the label of a content, and its styles, are not. */
const lost = `nodes.filter((node) => !node.isConnected && !/^\\$|^STYLE$/.test(node.data ?? node.nodeName)
  && node.parentNode?.nodeName !== "STYLE").length`;

describe("a custom element that a server rendered", () => {
  for (const [what, tag, props] of [
    ["without shadow root", "hy-counter", { initial: "3" }],
    ["with a shadow root", "hy-shadow", { initial: "3" }],
    ["that customizes a built-in one", "p", { is: "hy-paragraph", initial: "3" }],
  ] as const) {
    it(`keeps its nodes ${what}, and counts`, async () => {
      const page = await openRendered(h(tag, props));
      assert.equal(await page.evaluate(lost), 0);
      const button = page.locator("button");
      assert.equal(await button.textContent(), "count: 3");
      const id = await button.getAttribute("id");
      await button.click();
      await page.getByText("count: 4").waitFor();
      assert.equal(await button.getAttribute("aria-describedby"), id);
      assert.equal(await page.evaluate(lost), 0);
      await page.close();
    });
  }

  it("keeps its nodes in a closed shadow root", async () => {
    const page = await openRendered(h("hy-closed", { initial: "3" }));
    await page.locator("hy-closed").click();
    const html = await page.evaluate(async () => {
      const element = document.querySelector("hy-closed") as HTMLElement & { internals: ElementInternals };
      const root = element.internals.shadowRoot as ShadowRoot;
      root.querySelector("button")?.click();
      await settled();
      return root.textContent;
    });
    assert.match(html ?? "", /^count: [45]more$/);
    await page.close();
  });

  it("keeps children that the page gave where its component places them, through a move", async () => {
    const children = [h("b", null, "given"), " text ", h("hy-counter", null)];
    const page = await openRendered(h("hy-card", { open: true }, children));
    assert.equal(await page.evaluate(lost), 0);
    const text = () => page.evaluate(() => document.querySelector("hy-card")?.textContent);
    assert.equal(await text(), "open« given text count: 0 »");
    await page.click("hy-card h2");
    assert.equal(await text(), "« given text count: 0 »open");
    await page.click("hy-counter button");
    await page.getByText("count: 1").waitFor();
    assert.equal(await page.evaluate(lost), 0);
    await page.close();
  });

  it("passes children on to another element, and both find them", async () => {
    const page = await openRendered(h("hy-frame", null, h("b", null, "given"), h("hy-frame", null, "inner")));
    assert.equal(await page.evaluate(lost), 0);
    assert.equal(
      await page.evaluate(() => document.body.textContent?.trim()),
      "open« givenopen« innerframe »frame »",
    );
    await page.locator("h2").first().click();
    assert.equal(
      await page.evaluate(() => document.body.textContent?.trim()),
      "« givenopen« innerframe »frame »open",
    );
    assert.equal(await page.evaluate(lost), 0);
    await page.close();
  });

  it("gets declared props of every kind", async () => {
    const page = await openRendered(h("hy-list", { items: ["<a>", '"b"'], label: "l" }));
    assert.equal(await page.evaluate(lost), 0);
    const shown = await page.evaluate(() => {
      const element = document.querySelector("hy-list") as HTMLElement & { items: unknown };
      return [element.items, element.shadowRoot?.querySelector("ul")?.outerHTML];
    });
    assert.deepEqual(shown, [["<a>", '"b"'], '<ul title="l"><li>&lt;a&gt;</li><li>"b"</li></ul>']);
    await page.close();
  });

  it("has its styles before the script, and once after it", async () => {
    const page = await browser.newPage();
    const html = renderToString([h("hy-shadow", null), h("hy-card", null, "x"), h("hy-card", null, "y")]);
    assert.equal(html.match(/<style>/g)?.length, 2);
    await page.setContent(`<!doctype html><script>${remember}</script><body>${html}</body>`);
    const colors = () =>
      page.evaluate(() =>
        [
          document.querySelector("hy-shadow")?.shadowRoot?.querySelector("button"),
          ...document.querySelectorAll(".body"),
        ].map((element) => getComputedStyle(element as Element).color),
      );
    const expected = ["rgb(1, 2, 3)", "rgb(4, 5, 6)", "rgb(4, 5, 6)"];
    assert.deepEqual(await colors(), expected);
    await page.addScriptTag({ content: script, type: "module" });
    await page.waitForFunction("globalThis.fixture !== undefined");
    assert.deepEqual(await colors(), expected);
    assert.equal(
      await page.evaluate("allNodes(document.body).filter((node) => node.nodeName === 'STYLE').length"),
      0,
    );
    await page.close();
  });

  it("is left to the page with ssr: false", async () => {
    assert.equal(renderToString(h("hy-client", null, "x")), "<hy-client>x</hy-client>");
    const page = await openRendered(h("hy-client", null, "x"));
    assert.equal(await page.evaluate(() => document.querySelector("hy-client")?.textContent), "count: 0x");
    await page.close();
  });

  it("waits for its end tag", async () => {
    let respond: ((res: ServerResponse) => void) | undefined;
    const server = createServer((req, res) => {
      res.setHeader("content-type", req.url === "/a.js" ? "text/javascript" : "text/html; charset=utf-8");
      if (req.url === "/a.js") res.end(script);
      else if (req.url === "/") respond?.(res);
      else res.end();
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const page = await browser.newPage();
    try {
      const whole = renderToString(h("hy-card", null, h("b", null, "given"), h("i", null, "last")));
      const cut = whole.indexOf("<i>");
      let rest: (() => void) | undefined;
      respond = (res) => {
        const head = `<!doctype html><script>${remember}</script><script type="module" async src="/a.js"></script>`;
        res.write(`${head}<body><hr><div>${whole.slice(0, cut)}`);
        rest = () => res.end(`${whole.slice(cut)}</div>`);
      };
      const loaded = page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
      await page.waitForFunction("globalThis.fixture !== undefined");
      const marks = () => page.evaluate(() => document.querySelector("hy-card")?.firstChild?.nodeName);
      assert.equal(await marks(), "#comment");
      rest?.();
      await loaded;
      await page.waitForFunction(() => document.querySelector("hy-card")?.firstChild?.nodeName === "H2");
      await page.click("h2");
      assert.equal(
        await page.evaluate(() => document.querySelector("hy-card")?.textContent),
        "« givenlast »closed",
      );
      assert.deepEqual(await page.evaluate("warnings"), []);
    } finally {
      await page.close();
      server.close();
    }
  });
});

describe("a custom element in the shadow root of another", () => {
  it("begins when that one is parsed, and not when the page is", async () => {
    const server = createServer((req, res) => {
      res.setHeader("content-type", req.url === "/a.js" ? "text/javascript" : "text/html; charset=utf-8");
      if (req.url === "/a.js") res.end(script);
      else if (req.url === "/")
        res.write(
          `<!doctype html><script>${remember}</script><script type="module" async src="/a.js"></script><body>` +
            '<hy-shell><template shadowrootmode="open">' +
            "<!--$s1--><hy-counter><!--$s2--><button>count: 0</button></hy-counter></template></hy-shell><p>next</p>",
        );
      else res.end();
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const page = await browser.newPage();
    try {
      await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`, { waitUntil: "commit" });
      await page.waitForFunction("globalThis.fixture !== undefined");
      await page.locator("button").click();
      await page.getByText("count: 1").waitFor();
      assert.equal(await page.evaluate("document.readyState"), "loading");
    } finally {
      await page.close();
      server.closeAllConnections();
      server.close();
    }
  });
});

describe("comments of a page", () => {
  it("are no labels of a server, and a shadow root without label is begun anew", async () => {
    const page = await openRendered(null);
    const seen = await page.evaluate(async () => {
      document.body.setHTMLUnsafe(
        "<hy-card><!--$5 offer--><b>given</b></hy-card>" +
          '<hy-shadow><template shadowrootmode="open"><button>count: 0</button></template></hy-shadow>',
      );
      const [card, shadow] = [...document.body.children];
      return [card?.textContent, shadow?.shadowRoot?.textContent];
    });
    assert.deepEqual(seen, ["closed« given »", "count: 0"]);
    await page.close();
  });
});

describe("ids of useId", () => {
  it("are those of the server, and no others of the page", async () => {
    const page = await openRendered([h("hy-counter", null), h("hy-counter", null)]);
    const ids = await page.evaluate(async (source) => {
      const { createElement: h, useId } = jsx;
      const Id = () => h("i", { id: useId() });
      const container = document.body.appendChild(document.createElement("main"));
      dom.render(h("hy-client"), container);
      dom.render([h(Id), h(Id)], document.body.appendChild(document.createElement("main")));
      const other = (await import(`data:text/javascript,${encodeURIComponent(source)}`)) as typeof jsx &
        typeof dom;
      const OtherId = () => h("i", { id: other.useId() });
      other.render(other.createElement(OtherId), document.body.appendChild(document.createElement("main")));
      const islands = ["", "b"].map((idPrefix) => {
        const island = document.body.appendChild(document.createElement("main"));
        dom.hydrate(h(Id), island, idPrefix ? { idPrefix } : {});
        return island.querySelector("i")?.id;
      });
      return { islands, all: [...document.querySelectorAll("[id]")].map((element) => element.id) };
    }, copy);
    assert.deepEqual(ids.islands, ["s-1", "b-1"]);
    assert.deepEqual(ids.all.slice(0, 2), ["s1-1", "s2-1"]);
    assert.equal(new Set(ids.all).size, 8);
    await page.close();
  });
});

describe("two renderings in one page", () => {
  it("keep apart what belongs to them", async () => {
    const page = await openRendered(null);
    const parts = ["a", "b"].map((idPrefix) => renderToString(h(App, { name: idPrefix }), { idPrefix }));
    const seen = await page.evaluate(([one = "", other = ""]) => {
      const { App } = fixture;
      const containers = [one, other].map((html) => {
        const container = document.body.appendChild(document.createElement("main"));
        container.innerHTML = html;
        return container;
      });
      const ids = () => [...document.querySelectorAll("[id]")].map((element) => element.id);
      const before = ids();
      containers.forEach((container, place) => {
        const idPrefix = place === 0 ? "a" : "b";
        dom.hydrate(jsx.createElement(App, { name: idPrefix }), container, { idPrefix });
      });
      return { before, after: ids(), warnings: (globalThis as unknown as { warnings: string[] }).warnings };
    }, parts);
    assert.deepEqual(seen.after, seen.before);
    assert.ok(seen.after.length > 0);
    assert.equal(new Set(seen.after).size, seen.after.length);
    assert.deepEqual(seen.warnings, []);
    await page.close();
  });
});

describe("children of an element without shadow root that no server rendered", () => {
  it("go where the component places them, and come back when the element does", async () => {
    const page = await openRendered(null);
    const seen = await page.evaluate(async () => {
      document.body.innerHTML = "<hy-card><b>given</b><form>f</form></hy-card>";
      const card = document.body.firstChild as HTMLElement;
      const seen = [card.textContent];
      card.remove();
      await settled();
      seen.push(card.textContent);
      document.body.append(card);
      seen.push(card.textContent);
      return seen;
    });
    assert.deepEqual(seen, ["closed« givenf »", "", "closed« givenf »"]);
    await page.close();
  });

  it("stay there when the tree that gave them changes them", async () => {
    const page = await openRendered(null);
    const seen = await page.evaluate(() => {
      const { createElement: h } = jsx;
      const show = (...items: string[]) => {
        const children = items.map((item) => h("b", { key: item }, item));
        dom.render(h("hy-card", null, h("hr"), children), document.body);
        return document.body.textContent;
      };
      return [show("1"), show("1", "2", "3"), show("3", "0", "1")];
    });
    assert.deepEqual(seen, ["closed« 1 »", "closed« 123 »", "closed« 301 »"]);
    await page.close();
  });
});

describe("hydrate", () => {
  it("keeps the nodes of every kind of element, and what the user typed before", async () => {
    const html = `<div id="root">${renderToString(h(App, { name: "you" }))}</div>`;
    const page = await browser.newPage();
    await page.setContent(`<!doctype html><script>${remember}</script><body>${html}</body>`);
    await page.fill("input[name=text]", "typed");
    await page.selectOption("select", "a");
    await page.uncheck("input[type=checkbox]");
    await page.addScriptTag({ content: script, type: "module" });
    await page.waitForFunction("globalThis.fixture !== undefined");
    await page.evaluate(() => {
      const root = document.querySelector("#root") as HTMLElement;
      dom.hydrate(jsx.createElement(fixture.App, { name: "you" }), root);
    });
    assert.deepEqual(await page.evaluate("warnings"), []);
    assert.equal(await page.evaluate(lost), 0);
    const state = await page.evaluate(() => [
      document.querySelector("input")?.value,
      document.querySelector("select")?.value,
      document.querySelector<HTMLInputElement>("[type=checkbox]")?.checked,
      document.querySelector("foreignObject p")?.namespaceURI?.endsWith("xhtml"),
    ]);
    assert.deepEqual(state, ["typed", "a", false, true]);
    await page.fill("input[name=text]", "again");
    assert.equal(await page.textContent("td"), "again");
    await page.click("hy-card button");
    assert.equal(await page.textContent("hy-card"), "closed« count: 1more »");
    await page.close();
  });

  it("has once what the parser moved into the head", async () => {
    const html = renderToString(
      h(Fragment, null, [
        h("title", null, "of the tree"),
        h("style", null, "p { color: rgb(1, 2, 3) }"),
        h("meta", { name: "author", content: "Ann" }),
        h("p", null, "text"),
      ]),
    );
    const page = await browser.newPage();
    await page.addInitScript(remember);
    await page.goto(`data:text/html,${encodeURIComponent(`<!doctype html>${html}`)}`);
    assert.equal(await page.locator("head > title").count(), 1);
    await page.addScriptTag({ content: script, type: "module" });
    await page.waitForFunction("globalThis.fixture !== undefined");
    const seen = await page.evaluate(() => {
      // Neither the scripts of this test nor other elements of a head belong to the tree.
      for (const element of document.querySelectorAll("script")) element.remove();
      document.head.append(Object.assign(document.createElement("meta"), { name: "author", content: "Bob" }));
      const h = jsx.createElement;
      const tree = (title: string) => [
        h("title", null, title),
        h("style", null, "p { color: rgb(1, 2, 3) }"),
        h("meta", { name: "author", content: "Ann" }),
        h("p", null, "text"),
      ];
      dom.hydrate(tree("of the tree"), document.body);
      const counts = ["title", "style", "[content=Ann]", "[content=Bob]", "p"].map(
        (name) => document.querySelectorAll(name).length,
      );
      dom.render(tree("another"), document.body);
      return [...counts, document.title, document.querySelectorAll("title").length];
    });
    assert.deepEqual(seen, [1, 1, 1, 1, 1, "another", 1]);
    assert.deepEqual(await page.evaluate("warnings"), []);
    await page.close();
  });

  it("repairs what differs, keeps the rest, and warns", async () => {
    const server = h("div", null, [
      h("p", { class: "a", title: "same" }, "one"),
      h("i", null, "extra"),
      h("b", null, "two"),
      "text",
      h("u", null, "u"),
    ]);
    const page = await browser.newPage();
    await page.setContent(
      `<!doctype html><script>${remember}</script><body>${renderToString(server)}</body>`,
    );
    await page.addScriptTag({ content: script, type: "module" });
    await page.waitForFunction("globalThis.fixture !== undefined");
    const result = await page.evaluate(() => {
      const { createElement: h } = jsx;
      for (const element of document.querySelectorAll("body > script")) element.remove();
      const [p, b, u] = ["p", "b", "u"].map((tag) => document.querySelector(tag));
      const node = h(
        "div",
        null,
        h("p", { class: "b", title: "same" }, "ONE"),
        h("b", null, "two", h("s", null, "new")),
        h("em", null, "missing"),
        h("u", null, "u"),
      );
      dom.hydrate(node, document.body);
      const same = [p, b, u].map(
        (element, index) => element === document.querySelector(["p", "b", "u"][index] as string),
      );
      return { html: document.body.innerHTML, same };
    });
    assert.deepEqual(result.same, [true, true, true]);
    assert.equal(
      result.html.trim(),
      '<div><p class="b" title="same">ONE</p><b>two<s>new</s></b><em>missing</em><u>u</u></div>',
    );
    assert.ok(((await page.evaluate("warnings")) as string[]).length >= 3);
    await page.close();
  });

  it("finds every text as the server wrote it, whatever its characters and its place", async () => {
    const unit = fc.constantFrom(
      "\r",
      "\r\n",
      "\n",
      "&",
      "<",
      "</p>",
      "<!--",
      "'",
      '"',
      " ",
      "\t",
      "é",
      "😀",
      "a",
    );
    const texts = fc.sample(fc.string({ unit, minLength: 1, maxLength: 8 }), { numRuns: 200, seed: 13 });
    const places = {
      paragraph: (text: string) => h("p", { title: text }, text, "!"),
      pre: (text: string) => h("pre", null, text),
      textarea: (text: string) => h("textarea", { defaultValue: text }),
      title: (text: string) => h("svg", null, h("title", null, text)),
      option: (text: string) => h("select", null, h("option", { value: text }, text)),
      json: (text: string) => h("script", { type: "application/json" }, JSON.stringify(`</script>${text}`)),
      script: (text: string) => h("script", { type: "text/x" }, JSON.stringify(`<!-- </script>${text}`)),
      style: (text: string) => h("style", null, `a{content:${JSON.stringify(`</style>${text}`)}}`),
      noscript: (text: string) => h("noscript", null, h("img", { alt: text }), text),
    };
    const names = Object.keys(places) as (keyof typeof places)[];
    const rendered = names.flatMap((name) =>
      texts.map((text) => ({ name, text, html: renderToString(places[name](text)) })),
    );
    const page = await openRendered(h("p", null));
    const wrong = await page.evaluate(
      ([rendered, sources]) => {
        const { createElement: h } = jsx;
        const make = new Function("h", `return ${sources}`)(h);
        return rendered.flatMap(({ name, text, html }) => {
          const container = document.createElement("div");
          container.innerHTML = html;
          const parsed = container.innerHTML;
          const node = container.firstChild;
          warnings.length = 0;
          dom.hydrate(make[name](text), container);
          const kept = container.firstChild === node && container.textContent !== "";
          const isSame = /json|script|style|textarea|option/.test(name) || container.innerHTML === parsed;
          return kept && isSame && warnings.length === 0 ? [] : [[name, text, html, ...warnings]];
        });
      },
      [rendered, `{${names.map((name) => `${name}: ${places[name]}`).join()}}`] as const,
    );
    assert.deepEqual(wrong.slice(0, 5), []);
    await page.close();
  });

  it("removes children and attributes that are not there any more, and warns of them", async () => {
    const page = await openRendered([
      h("div", null, h("p", null, "secret")),
      h("button", { disabled: true, class: "x", hidden: true, title: "t", "aria-busy": false }, "a"),
      h("details", { open: true }, "kept open"),
      h("svg", { viewBox: "0 0 1 1", fill: "red" }),
      h("p", { style: "color: red; width: 3px" }),
      h("x-own", { class: "own" }, "own"),
    ]);
    const result = await page.evaluate(() => {
      const { createElement: h } = jsx;
      for (const element of document.querySelectorAll("script")) element.remove();
      const nobody = undefined;
      dom.hydrate(
        [
          h("div", null, nobody),
          h("button", { title: "t", class: nobody, "aria-busy": false }, "a"),
          h("details", null, "kept open"),
          h("svg", { viewBox: "0 0 1 1" }),
          h("p", { style: { color: "red" } }),
          h("x-own"),
        ],
        document.body,
      );
      return document.body.innerHTML.trim();
    });
    assert.equal(
      result,
      '<div></div><button title="t" aria-busy="false">a</button><details open="">kept open</details>' +
        '<svg viewBox="0 0 1 1"></svg><p style="color: red;"></p><x-own class="own">own</x-own>',
    );
    assert.deepEqual(
      await page.evaluate("warnings"),
      [
        ["nothing", "P"],
        ["no disabled at <button>", 'disabled=""'],
        ["no hidden at <button>", 'hidden=""'],
        ["no class at <button>", 'class="x"'],
        ["no fill at <svg>", 'fill="red"'],
      ].map(
        ([wanted, found]) =>
          `Hydration: the page needs ${wanted}, but the server sent ${found}. Render the same content on both.`,
      ),
    );
    await page.close();
  });

  it("hears what the user did before, once", async () => {
    const page = await browser.newPage();
    await page.setContent(`<!doctype html><script>${remember}</script><main>
      <input value=""><input type="checkbox"><select><option selected>a</option><option>b</option></select>
      <input type="radio" name="r" value="1" checked><input type="radio" name="r" value="2">
      <textarea>old</textarea><input value="5"><b>0</b><select><option selected>a</option><option>b</option></select>
      </main>`);
    await page.fill("input", "typed before");
    await page.check("[type=checkbox]");
    await page.selectOption("select", "b");
    await page.check("[value='2']");
    await page.fill("textarea", "new");
    await page.selectOption("b + select", "b");
    await page.addScriptTag({ content: script, type: "module" });
    await page.waitForFunction("globalThis.fixture !== undefined");
    const result = await page.evaluate(async () => {
      const { createElement: h, useState } = jsx;
      const heard: string[] = [];
      let count = (_n: number) => {};
      type Typed = { readonly target: HTMLInputElement };
      function Fields() {
        const [text, setText] = useState("");
        const [checked, setChecked] = useState(false);
        const [chosen, setChosen] = useState("a");
        const [radio, setRadio] = useState("1");
        const [area, setArea] = useState("old");
        const [n, setN] = useState(0);
        count = setN;
        const hear = (set: (value: string) => void) => ({
          onChange: ({ target }: Typed) => {
            heard.push(target.value);
            set(target.value);
          },
        });
        return [
          h("input", { value: text, ...hear(setText) }),
          h("input", {
            type: "checkbox",
            checked,
            onChange: ({ target }: Typed) => setChecked(target.checked),
          }),
          h("select", { value: chosen, ...hear(setChosen) }, h("option", null, "a"), h("option", null, "b")),
          ["1", "2"].map((value) =>
            h("input", {
              key: value,
              type: "radio",
              name: "r",
              value,
              checked: radio === value,
              ...hear(setRadio),
            }),
          ),
          h("textarea", { value: area, ...hear(setArea) }),
          h("input", { value: 5, ...hear(setText) }),
          h("b", null, n),
          // Nobody listens, and nothing changes it.
          h("select", { value: "a", title: n }, h("option", null, "a"), h("option", null, "b")),
        ];
      }
      const main = document.querySelector("main") as HTMLElement;
      for (const node of [...main.childNodes]) if (node.nodeType === 3) node.remove();
      dom.hydrate(h(Fields), main);
      await settled();
      count(1);
      await settled();
      const fields = [...main.querySelectorAll<HTMLInputElement>("input, select, textarea")];
      return [heard, fields.map((field) => (/box|radio/.test(field.type) ? field.checked : field.value))];
    });
    assert.deepEqual(result, [
      ["typed before", "b", "2", "new"],
      ["typed before", true, "b", false, true, "new", "5", "b"],
    ]);
    await page.close();
  });

  it("leaves a component that throws out, and hydrates what follows", async () => {
    const page = await openRendered(h("p", null, h("b", null, "x"), h("i", null, "y")));
    const result = await page.evaluate(async () => {
      const { createElement: h } = jsx;
      for (const element of document.querySelectorAll("script")) element.remove();
      const Broken = () => {
        throw new Error("broken");
      };
      const i = document.querySelector("i");
      let thrown: unknown;
      try {
        dom.hydrate(h("p", null, h(Broken), h("i", { title: "t" }, "y")), document.body);
      } catch (error) {
        thrown = String(error);
      }
      return [thrown, document.body.innerHTML.trim(), i === document.querySelector("i")];
    });
    assert.deepEqual(result, ["Error: broken", '<p><i title="t">y</i></p>', true]);
    await page.close();
  });
});

describe("the server's side of a custom element", () => {
  it("warns once of props that cannot reach the page", () => {
    const warnings: string[] = [];
    const onWarning = (message: string) => warnings.push(message);
    const node = h("hy-counter", { data: { a: 1 }, load: () => 1 });
    const html = renderToString([node, node], { onWarning });
    assert.equal(warnings.length, 2);
    assert.match(warnings[0] ?? "", /The prop data of <hy-counter>/);
    assert.doesNotMatch(html, /data|load/);
  });

  it("writes content, slot and props without a way out of them", () => {
    const evil = `"--><script>alert(1)</script>`;
    const html = renderToString(h("hy-list", { items: [evil], label: evil, "x-y": evil }, evil));
    assert.doesNotMatch(html, /<script|--><s/);
    assert.match(renderToString(h("hy-card", { open: true }, "x")), /^<hy-card open><!--\$s1\[-->/);
  });

  it("shows the components and Suspense as they are in a string", () => {
    assert.match(renderToString(h(Suspense, { fallback: "f" }, h(Counter, null), h(Form))), /^<button/);
  });
});
