import assert from "node:assert/strict";
import { once } from "node:events";
import { get, type IncomingMessage } from "node:http";
import { describe, it } from "node:test";
import {
  createContext,
  createElement as h,
  type JSXNode,
  Suspense,
  useContext,
  useErrorBoundary,
} from "@miqro/jsx";
import { renderToStream, renderToString } from "@miqro/jsx-node";
import { later, serve, textOf, turns } from "./support/streams.js";

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
      '<i>darkdark</i><select><option value="a"></option><option selected value="b"></option></select>',
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
    let rendered = 0;
    const Slow = async () => {
      await gate.promise;
      return h(() => {
        rendered++;
        return null;
      });
    };
    const { url, response, close } = await serve(
      renderToStream([h("p"), h(Slow), h(Suspense, { fallback: "wait" }, h(Slow))]),
    );
    const request = get(url);
    request.on("error", () => {});
    const [message] = (await once(request, "response")) as [IncomingMessage];
    await once(message, "data");
    const closed = once(await response, "close");
    request.destroy();
    await closed;
    await turns();
    gate.resolve("x");
    await turns();
    assert.equal(rendered, 0);
    await close();
  });

  it("renders little ahead of a reader that stalls, and all of it when the reader goes on", async () => {
    for (const wrap of [(row: JSXNode) => row, (row: JSXNode) => h(Suspense, { fallback: "." }, row)]) {
      const gate = later<void>();
      const count = { rendered: 0 };
      const Big = () => {
        count.rendered++;
        return "x".repeat(10_000);
      };
      const Row = async () => {
        await gate.promise;
        return h(Big);
      };
      const rows = Array.from({ length: 1000 }, () => wrap(h(Row)));
      const reader = renderToStream(["shell", rows]).getReader();
      await reader.read();
      gate.resolve();
      await turns();
      assert.ok(count.rendered > 0 && count.rendered < 30, `${count.rendered} rendered`);
      let length = 0;
      let longest = 0;
      for (let part = await reader.read(); !part.done; part = await reader.read()) {
        length += part.value.length;
        longest = Math.max(longest, part.value.length);
      }
      assert.equal(count.rendered, 1000);
      assert.ok(length >= 10_000_000);
      assert.ok(longest < 100_000, `${longest} bytes at once`);
    }
  });

  it("renders little ahead of a socket that nobody reads", async () => {
    const count = { rendered: 0 };
    const total = 3000;
    const Row = async () => {
      await null;
      return h(() => {
        count.rendered++;
        return "x".repeat(30_000);
      });
    };
    const rows = Array.from({ length: total }, () => h(Suspense, { fallback: "." }, h(Row)));
    const { url, response, close } = await serve(renderToStream(rows));
    const request = get(url);
    const [message] = (await once(request, "response")) as [IncomingMessage];
    message.pause();
    const res = await response;
    let [before, still] = [-1, 0];
    // Full as soon as the buffers of the system are: then nothing goes on.
    while (still < 50) {
      await turns(1);
      still = res.writableNeedDrain && count.rendered === before ? still + 1 : 0;
      before = count.rendered;
    }
    assert.ok(count.rendered < total / 2, `${count.rendered} rendered`);
    let length = 0;
    for await (const chunk of message) length += chunk.length;
    assert.ok(length > total * 30_000);
    await close();
  });

  it("keeps characters whole where it cuts a long text", async () => {
    for (const shift of ["", "x"]) {
      const text = shift + "😀".repeat(100_000);
      assert.equal(await textOf(renderToStream(text)), text);
    }
  });

  it("goes as deep as components wait for components", async () => {
    const Deep = async ({ left }: { left: number }): Promise<JSXNode> =>
      left === 0 ? "end" : h("i", null, h(Deep, { left: left - 1 }));
    const html = await textOf(renderToStream(h(Deep, { left: 5000 })));
    assert.equal(html, `${"<i>".repeat(5000)}end${"</i>".repeat(5000)}`);
  });

  it("keeps a line break at the beginning of what comes later", async () => {
    const html = await textOf(renderToStream(h("pre", null, Promise.resolve("\nx"))));
    assert.equal(html, "<pre>\n\nx</pre>");
  });

  it("does not take text of users for a hole", async () => {
    const evil = "\0x:0\0";
    assert.equal(await textOf(renderToStream([evil, Promise.resolve("b")])), `${evil}b`);
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
