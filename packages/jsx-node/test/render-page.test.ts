import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createElement as h, type JSXNode, Suspense, useErrorBoundary } from "@miqro/jsx";
import { renderPage, renderToString } from "@miqro/jsx-node";
import { later, textOf, turns } from "./support/streams.js";

async function Late({ children }: { children?: JSXNode }): Promise<JSXNode> {
  await turns();
  return children;
}

const Broken = async (): Promise<JSXNode> => {
  await turns();
  throw new Error("no luck");
};

/** Shows its children, or the error of one of them. */
function Guard({ children }: { children?: JSXNode }) {
  const [error] = useErrorBoundary();
  return error === undefined ? children : "caught";
}

const stream = (node: JSXNode, options = {}) => {
  const page = renderPage(node, options);
  assert.ok(!(page instanceof Uint8Array), "a stream is expected");
  return page;
};

const whole = (node: JSXNode, options = {}) => {
  const page = renderPage(node, options);
  assert.ok(page instanceof Uint8Array, "bytes are expected");
  return page;
};

const decode = (bytes: Uint8Array) => Buffer.from(bytes).toString();

describe("renderPage", () => {
  for (const [title, node] of [
    ["a text", "a < b"],
    ["nothing", null],
    ["a page", h("html", null, h("body", null, h("p", { title: "x" }, 1)))],
    ["a list", [h("p", null), "x"]],
    ["a boundary that has no error", h(Guard, null, h("p"))],
    ["text with the mark of what is still to come", "\0x:0\0"],
    ["characters of all lengths", h("p", { title: "é€😀\ud800" }, "é€😀\udc00")],
    ["a text that is longer than the array of bytes", h("p", null, "x€".repeat(1_000_000))],
  ] as const) {
    it(`gives bytes at once for ${title}`, () => {
      assert.equal(decode(whole(node)), renderToString(node));
      assert.equal(decode(whole(node, { doctype: true })), `<!DOCTYPE html>${renderToString(node)}`);
    });
  }

  it("gives bytes that later pages leave alone, also if a component renders a page", () => {
    const inner: Uint8Array[] = [];
    const Outer = ({ size }: { size: number }) => {
      inner.push(whole(h("i", null, "y".repeat(size))));
      assert.equal(renderToString(h("u", null, size)), `<u>${size}</u>`);
      return "z";
    };
    const sizes = [1, 100, 10_000, 30_000, 70_000, 200_000, 3, 1_500_000, 40_000, 20_000, 5];
    const pages = sizes.flatMap((size) => [
      whole([h("b", null, "x".repeat(size)), h(Outer, { size }), h(Outer, { size: size + 1 }), "€"]),
      whole(h("textarea", null, "\n", "x".repeat(size))),
    ]);
    assert.deepEqual(
      pages.map(decode),
      sizes.flatMap((size) => [
        `<b>${"x".repeat(size)}</b>zz€`,
        `<textarea>\n\n${"x".repeat(size)}</textarea>`,
      ]),
    );
    assert.deepEqual(
      inner.map(decode),
      sizes.flatMap((size) => [`<i>${"y".repeat(size)}</i>`, `<i>${"y".repeat(size + 1)}</i>`]),
    );
  });

  it("gives bytes after a page that failed", () => {
    const fails = h(() => {
      throw new Error("at once");
    });
    const before = whole("before");
    assert.throws(() => renderPage(["x".repeat(1000), fails]), /at once/);
    assert.equal(decode(whole("after")), "after");
    assert.equal(decode(before), "before");
  });

  it("throws what a component throws before the page waits for anything", () => {
    const node = h(() => {
      throw new Error("at once");
    });
    assert.throws(() => renderPage([h(Late), node]), /at once/);
  });

  const streamed: readonly [title: string, node: JSXNode, first: string, rest: RegExp][] = [
    ["an async component", h("p", null, h(Late, null, "late")), "<p>late</p>", /^$/],
    ["a promise", [h("p"), Promise.resolve("x"), h("b")], "<p></p>x<b></b>", /^$/],
    [
      "async components in each other",
      h(Late, null, "a", h(Late, null, "b", h(Late, null, "c"))),
      "abc",
      /^$/,
    ],
    ["an async component in an error boundary", h(Guard, null, h(Late, null, "x")), "x", /^$/],
    ["a Suspense that need not wait", h(Suspense, { fallback: "wait" }, "now"), "now", /^$/],
    [
      "an async component before a Suspense",
      ["a", h(Late, null, "b"), h(Suspense, { fallback: "wait" }, h(Late, null, h(Late, null, "c")))],
      "ab",
      /wait.*>c</,
    ],
    [
      "an async component behind a Suspense",
      [h(Suspense, { fallback: "wait" }, h(Late, null, h(Late, null, "c"))), h(Late, null, "b")],
      "",
      /wait.*b.*>c</,
    ],
    [
      "a Suspense that fails",
      [h(Suspense, { fallback: "sorry" }, h(Broken)), h(Late, null, "b")],
      "",
      /sorry.*b/,
    ],
  ];
  for (const [title, node, first, rest] of streamed) {
    it(`gives a stream for ${title}`, async () => {
      for (const doctype of [false, true]) {
        const html = await textOf(stream(node, { doctype, onError() {} }));
        const start = (doctype ? "<!DOCTYPE html>" : "") + first;
        assert.ok(html.startsWith(start), html);
        assert.match(html.slice(start.length), rest);
      }
    });
  }

  it("sends nothing before all is there that is in no Suspense, and then all of it at once", async () => {
    const gates = [later<string>(), later<string>(), later<string>()] as const;
    const node = [
      h("p", null, gates[0].promise),
      h(Suspense, { fallback: "wait" }, gates[1].promise),
      h("p", null, gates[2].promise),
    ];
    const reader = stream(node).pipeThrough(new TextDecoderStream()).getReader();
    let shell: string | undefined;
    const first = reader.read().then(({ value }) => {
      shell = value;
    });
    gates[0].resolve("first");
    await turns();
    assert.equal(shell, undefined);
    gates[2].resolve("last");
    await first;
    assert.match(shell ?? "", /first.*wait.*last/);
    gates[1].resolve("between");
    assert.match((await reader.read()).value ?? "", /between/);
    assert.equal((await reader.read()).done, true);
  });

  it("fails before it sent anything when what is in no Suspense fails", async () => {
    const node = ["x".repeat(200_000), h(Suspense, { fallback: "wait" }, h(Late, null, "a")), h(Broken)];
    await assert.rejects(stream(node).getReader().read(), /no luck/);
  });

  it("waits for all of it where no script can run", async () => {
    const node = [h(Suspense, { fallback: "wait" }, h(Late, null, "a")), "b"];
    for (const options of [{ outOfOrder: false }, { contentSecurityPolicy: "script-src 'self'" }]) {
      const { value } = await stream(node, options).pipeThrough(new TextDecoderStream()).getReader().read();
      assert.equal(value, "ab");
    }
  });

  it("holds a long page, and then sends it in pieces", async () => {
    const node = [
      h(Late, null, "a"),
      ...Array.from({ length: 50 }, () => h("p", null, "x".repeat(10_000))),
      h(Late, null, "z"),
    ];
    const html = await textOf(stream(node));
    assert.equal(html.length, 2 + 50 * 10_007);
  });

  it("ends when its reader cancels, or its signal is aborted", async () => {
    const never = new Promise<string>(() => {});
    await stream(["a", never]).cancel();
    const controller = new AbortController();
    const reading = stream(["a", never], { signal: controller.signal }).getReader().read();
    controller.abort(new Error("gone"));
    await assert.rejects(reading, /gone/);
  });
});
