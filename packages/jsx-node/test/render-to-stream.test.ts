import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, get } from "node:http";
import type { AddressInfo } from "node:net";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { after, before, describe, it } from "node:test";
import {
  createContext,
  createElement as h,
  type JSXNode,
  Suspense,
  useContext,
  useErrorBoundary,
} from "@miqro/jsx";
import { renderToStream, renderToString } from "@miqro/jsx-node";
import { launchChromium } from "miqro-tests/chromium";
import type { Browser } from "playwright-core";

/** A promise, and what settles it. */
function later<Value>() {
  let resolve: (value: Value) => void = () => {};
  let reject: (error: unknown) => void = () => {};
  const promise = new Promise<Value>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return { promise, resolve, reject };
}

async function textOf(stream: ReadableStream<Uint8Array>): Promise<string> {
  return new Response(stream).text();
}

describe("renderToStream", () => {
  it("writes what renderToString writes", async () => {
    const node = h("p", { title: "&" }, "é <b>", [1, h("i", null, "x")], h("br"));
    assert.equal(await textOf(renderToStream(node)), renderToString(node));
    assert.equal(await textOf(renderToStream(null)), "");
  });

  it("sends what is ready before what it waits for, and starts all at once", async () => {
    const [slow, slower] = [later<string>(), later<string>()];
    let started = 0;
    const Slow = async ({ of }: { of: Promise<string> }) => {
      started++;
      return h("b", null, await of);
    };
    const node = h(
      "main",
      null,
      "head",
      h(Slow, { of: slow.promise }),
      "middle",
      h(Slow, { of: slower.promise }),
    );
    const reader = renderToStream(node).pipeThrough(new TextDecoderStream()).getReader();
    assert.equal((await reader.read()).value, "<main>head");
    assert.equal(started, 2);
    slower.resolve("second");
    const next = reader.read();
    slow.resolve("<first>");
    let rest = (await next).value;
    for (let part = await reader.read(); !part.done; part = await reader.read()) rest += part.value;
    assert.equal(rest, "<b>&lt;first&gt;</b>middle<b>second</b></main>");
  });

  it("keeps context, and what a select chose, across a wait", async () => {
    const Theme = createContext("none");
    const Read = async () => h("i", null, useContext(Theme), h(Late, null));
    const Late = async () => {
      const theme = useContext(Theme);
      await null;
      return theme;
    };
    const options = Promise.resolve([h("option", { value: "a" }), h("option", { value: "b" })]);
    const node = h(Theme.Provider, { value: "dark" }, h(Read), h("select", { value: "b" }, options));
    assert.equal(
      await textOf(renderToStream(node)),
      '<i>darkdark</i><select><option value="a"></option><option value="b" selected></option></select>',
    );
  });

  it("fails with what a component throws, before and after a wait", async () => {
    const Broken = async () => {
      await null;
      throw new Error("late");
    };
    const Now = () => {
      throw new Error("early");
    };
    await assert.rejects(textOf(renderToStream(h("p", null, h(Broken)))), /late/);
    await assert.rejects(textOf(renderToStream(h("p", null, h(Now)))), /early/);
  });

  it("stops when its reader goes away, or its signal says so", async () => {
    const gate = later<string>();
    let rendered = 0;
    const Child = () => {
      rendered++;
      return "child";
    };
    const Slow = async () => h(Child, { text: await gate.promise });
    const reader = renderToStream([h("p"), h(Slow)]).getReader();
    await reader.read();
    const controller = new AbortController();
    const other = renderToStream([h("p"), h(Slow)], { signal: controller.signal }).getReader();
    await other.read();
    const failing = assert.rejects(other.read(), /gone/);
    await reader.cancel();
    controller.abort(new Error("gone"));
    await failing;
    gate.resolve("x");
    await new Promise((resolve) => setImmediate(resolve));
    assert.equal(rendered, 0);
  });

  it("stops when the client of a server goes away", async () => {
    const gate = later<string>();
    const closed = later<void>();
    let rendered = 0;
    const Slow = async () => {
      await gate.promise;
      return h(() => {
        rendered++;
        return null;
      });
    };
    const server = createServer(async (_req, res) => {
      const stream = Readable.fromWeb(renderToStream([h("p"), h(Slow)]) as never);
      await pipeline(stream, res).catch(() => closed.resolve());
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const request = get({ port: (server.address() as AddressInfo).port, host: "127.0.0.1" });
    request.on("error", () => {});
    const [response] = await once(request, "response");
    await once(response, "data");
    request.destroy();
    await closed.promise;
    gate.resolve("x");
    await new Promise((resolve) => setImmediate(resolve));
    assert.equal(rendered, 0);
    server.close();
  });

  it("does not take text of users for a hole", async () => {
    const evil = "\0x:0\0";
    assert.equal(await textOf(renderToStream([evil, Promise.resolve("b")])), `${evil}b`);
  });
});

describe("renderToStream with Suspense", () => {
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
    assert.match(html, /wait<!--miqro-0--><p><\/p>$/);
    assert.match(String(errors), /no luck/);
  });
});

describe("an error boundary on a server", () => {
  it("shows what it has for an error, in place of all that it had written", async () => {
    function Boundary({ children }: { children?: JSXNode }): JSXNode {
      const [error] = useErrorBoundary();
      return error === undefined ? h("div", null, children) : h("em", null, (error as Error).message);
    }
    const Broken = () => {
      throw new Error("<no>");
    };
    const node = h(
      "main",
      null,
      "a",
      h(Boundary, null, h("svg", null, h("b", null, h(Broken)))),
      h("style", null, "b>i{}"),
    );
    const expected = "<main>a<em>&lt;no&gt;</em><style>b>i{}</style></main>";
    assert.equal(renderToString(node), expected);
    assert.equal(await textOf(renderToStream(node)), expected);
  });
});
