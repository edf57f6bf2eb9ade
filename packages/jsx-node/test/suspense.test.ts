import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { createElement as h, type JSXNode, recordElement, Suspense, useErrorBoundary } from "@miqro/jsx";
import { renderToStream } from "@miqro/jsx-node";
import { launchChromium } from "miqro-tests/chromium";
import { cpuTime } from "miqro-tests/cpu-time";
import type { Browser } from "playwright-core";
import { later, serve, textOf, turns } from "./support/streams.js";

/** A component that comes when all that need not wait has come. */
async function Late({ children }: { children?: JSXNode }): Promise<JSXNode> {
  await turns();
  return children;
}

describe("Suspense", () => {
  let browser: Browser;
  before(async () => {
    browser = await launchChromium();
  });
  after(() => browser.close());

  it("sends fallbacks, then the children as they come, and the page puts them in place", async () => {
    const gates = [later<string>(), later<string>()];
    const Slow = async ({ of }: { of: number }) => h("td", null, await gates[of]?.promise);
    const row = (of: number) =>
      h("tr", null, h(Suspense, { fallback: h("td", null, "wait ", of) }, h(Slow, { of })));
    const node = h(
      "html",
      null,
      h("body", null, h("table", null, h("tbody", null, row(0), row(1))), h("p", null, "end")),
    );
    const reader = renderToStream(node, { nonce: 'n"' }).pipeThrough(new TextDecoderStream()).getReader();
    let shell = "";
    while (!shell.includes("</html>")) shell += (await reader.read()).value;
    assert.match(shell, /wait 0.*wait 1.*end/);
    gates[1]?.resolve("<second>");
    const second = (await reader.read()).value ?? "";
    assert.match(second, /<td>&lt;second&gt;<\/td>.*<script nonce="n&quot;">/);
    gates[0]?.resolve("first");
    const first = (await reader.read()).value ?? "";
    assert.equal((await reader.read()).done, true);

    const page = await browser.newPage();
    await page.setContent(`<!doctype html>${shell}`);
    assert.equal(await page.textContent("tbody"), "wait 0wait 1");
    await page.setContent(`<!doctype html>${shell}${second}${first}`);
    assert.equal(await page.innerHTML("tbody"), "<tr><td>first</td></tr><tr><td>&lt;second&gt;</td></tr>");
    assert.equal(await page.locator("template").count(), 0);
    await page.close();
  });

  it("sends children that need not wait at once", async () => {
    const node = h(Suspense, { fallback: "wait" }, h("p", null, "ready"));
    assert.equal(await textOf(renderToStream(node)), "<p>ready</p>");
  });

  it("leaves the fallback when the children fail, and says why", async () => {
    const errors: unknown[] = [];
    const Broken = async (): Promise<JSXNode> => {
      await null;
      throw new Error("no luck");
    };
    const node = [h(Suspense, { fallback: "wait" }, h(Broken)), h("p")];
    const html = await textOf(renderToStream(node, { onError: (error) => errors.push(error) }));
    assert.match(html, /^<body><template id="(miqro-[^"]+)"><\/template>wait<!--\1--><p><\/p>$/);
    assert.match(String(errors), /no luck/);
  });

  it("leaves the fallback when the children throw at once, and sends the rest", async () => {
    const errors: unknown[] = [];
    const Broken = () => {
      throw new Error("at once");
    };
    const node = [h(Suspense, { fallback: h("i", null, "sorry") }, "x", h(Broken)), "after"];
    const html = await textOf(renderToStream(node, { onError: (error) => errors.push(error) }));
    assert.equal(html, "<i>sorry</i>after");
    assert.match(String(errors), /at once/);
  });

  it("leaves the fallback of the inner one when that fails, in an element and in a custom element", async () => {
    const component = () => h(Suspense, { fallback: "inner" }, h(Broken));
    recordElement({ tag: "ss-failing", component, options: { shadowInit: false } });
    const Broken = async (): Promise<JSXNode> => {
      await turns();
      throw new Error("late");
    };
    const tree = h(Suspense, { fallback: "outer" }, "a", h(Suspense, { fallback: "inner" }, h(Broken)));
    const onError = () => {};
    assert.match(await textOf(renderToStream(tree, { onError })), /^a<template.*inner<!--.*-->$/);
    assert.match(await textOf(renderToStream(h("ss-failing"), { onError })), /inner<\/ss-failing>$/);
  });

  it("ends the stream, and not the process, when onError throws", async () => {
    const Broken = async (): Promise<JSXNode> => {
      await null;
      throw new Error("bad");
    };
    const Now = () => {
      throw new Error("bad");
    };
    const onErrors = [
      () => {
        throw new Error("logger broke");
      },
      async () => {
        throw new Error("logger broke");
      },
    ];
    for (const onError of onErrors) {
      for (const component of [Broken, Now]) {
        const node = [h(Suspense, { fallback: "f" }, h(component)), h(Late, null, "slow")];
        await assert.rejects(textOf(renderToStream(node, { onError })), /logger broke/);
      }
    }
    // An unhandled rejection would fail this test within these turns.
    await turns();
  });

  it("does not wait for what an error boundary threw away", async () => {
    function Boundary({ children }: { children?: JSXNode }): JSXNode {
      const [error] = useErrorBoundary();
      return error === undefined ? children : "instead";
    }
    const Broken = () => {
      throw new Error("broken");
    };
    const Never = () => new Promise<JSXNode>(() => {});
    const Fails = async (): Promise<JSXNode> => {
      await null;
      throw new Error("nobody asks");
    };
    const node = h(Boundary, null, h(Never), h(Suspense, { fallback: "f" }, h(Fails)), h(Broken));
    const errors: unknown[] = [];
    const options = { onError: (error: unknown) => errors.push(error) };
    assert.equal(await textOf(renderToStream(h(Suspense, { fallback: "f" }, node), options)), "instead");
    assert.deepEqual(errors, []);
  });

  it("tells nothing to a server whose client has gone", async () => {
    const gate = later<void>();
    const errors: unknown[] = [];
    const Broken = async (): Promise<JSXNode> => {
      await gate.promise;
      throw new Error("aborted");
    };
    const node = h(Suspense, { fallback: "f" }, h(Broken));
    const reader = renderToStream(node, { onError: (error) => errors.push(error) }).getReader();
    await reader.read();
    await reader.cancel();
    gate.resolve();
    await turns();
    assert.deepEqual(errors, []);
  });

  it("takes time in proportion to how many there are", async () => {
    const render = async (count: number) => {
      const rows = Array.from({ length: count }, () => h(Suspense, { fallback: "." }, h(Late, null, "x")));
      return cpuTime(async () => void (await textOf(renderToStream(h("ul", null, rows)))));
    };
    const fastest = async (count: number) => {
      const times = [await render(count), await render(count), await render(count)];
      return Math.min(...times);
    };
    await fastest(2000);
    const ratio = (await fastest(8000)) / (await fastest(1000));
    // Eight times as many: 8 when linear, 64 when each looks at all others.
    assert.ok(ratio < 24, `${ratio} times as long`);
  });

  it("sends an outer one when it is ready, and the inner one after it", async () => {
    const gate = later<void>();
    const Slow = async () => {
      await gate.promise;
      return h("b", null, "slow");
    };
    const node = h(
      "main",
      null,
      h(Suspense, { fallback: "outer" }, h(Late, null, "fast "), h(Suspense, { fallback: "inner" }, h(Slow))),
    );
    const reader = renderToStream(node).pipeThrough(new TextDecoderStream()).getReader();
    const parts = [(await reader.read()).value, (await reader.read()).value];
    gate.resolve();
    parts.push((await reader.read()).value);
    assert.equal((await reader.read()).done, true);
    const page = await browser.newPage();
    const shows: string[] = [];
    for (const count of [1, 2, 3]) {
      await page.setContent(`<!doctype html><body>${parts.slice(0, count).join("")}`);
      shows.push((await page.textContent("main")) ?? "");
    }
    assert.deepEqual(shows, ["outer", "fast inner", "fast slow"]);
    assert.equal(await page.innerHTML("main"), "fast <b>slow</b>");
    await page.close();
  });

  it("puts children in place in SVG, a title, a select and a template of the page", async () => {
    const late = (node: JSXNode) => h(Suspense, { fallback: null }, h(Late, null, node));
    const node = h(
      "html",
      null,
      h("head", null, h("title", null, late("Real title"))),
      h(
        "body",
        null,
        h("svg", null, late(h("circle", { r: 5 }))),
        h("svg", null, h("foreignObject", null, late(h("p", { id: "fo" }, "html")))),
        h("select", null, late(h("option", null, "one"))),
        h("template", null, late(h("p", null, "kept"))),
        h("noscript", null, late("text")),
      ),
    );
    const { url, close } = await serve(renderToStream(node));
    const page = await browser.newPage();
    await page.goto(url);
    assert.equal(await page.title(), "Real title");
    const seen = await page.evaluate(`({
      width: document.querySelector("circle").getBoundingClientRect().width,
      html: document.querySelector("#fo").namespaceURI,
      option: document.querySelector("select").value,
      template: document.querySelector("template").innerHTML,
      left: document.querySelectorAll("template").length,
    })`);
    assert.deepEqual(seen, {
      width: 10,
      html: "http://www.w3.org/1999/xhtml",
      option: "one",
      template: "<p>kept</p>",
      left: 1,
    });
    await page.close();
    await close();
  });

  it("removes nothing that users wrote, whatever ids and comments they choose", async () => {
    const ids = ["miqro-0", "miqro-0c", "$miqroSwap", "miqro--0"];
    const node = h(
      "main",
      null,
      ids.map((id) => h("h2", { id }, id)),
      h(Suspense, { fallback: "loading" }, h(Late, null, "arrived")),
      h("p", null, "after"),
    );
    const { url, close } = await serve(renderToStream(node));
    const page = await browser.newPage();
    await page.goto(url);
    const expected = `${ids.map((id) => `<h2 id="${id}">${id}</h2>`).join("")}arrived<p>after</p>`;
    assert.equal(await page.innerHTML("main"), expected);
    await page.close();
    await close();
    const idOf = async () => /template id="(.+?)"/.exec(await textOf(renderToStream(node)))?.[1];
    assert.notEqual(await idOf(), await idOf());
  });

  it("removes nothing where a filter took out the comments", async () => {
    const node = [h(Suspense, { fallback: "loading " }, h(Late, null, "arrived ")), h("p", null, "after")];
    const html = await textOf(renderToStream(h("main", null, node)));
    const page = await browser.newPage();
    await page.setContent(`<!doctype html><body>${html.replace(/<!--.*?-->/g, "")}`);
    assert.equal(await page.innerHTML("main"), "arrived loading <p>after</p>");
    await page.close();
  });

  it("runs under a content security policy with its nonce", async () => {
    const node = h("main", null, h(Suspense, { fallback: "loading" }, h(Late, null, "arrived")));
    const html = await textOf(renderToStream(node, { nonce: "abc" }));
    const policy = `<meta http-equiv="content-security-policy" content="script-src 'nonce-abc'">`;
    const page = await browser.newPage();
    await page.setContent(`<!doctype html><head>${policy}</head><body>${html}`);
    assert.equal(await page.innerHTML("main"), "arrived");
    await page.close();
  });
});
