import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  createContext,
  createElement,
  Fragment,
  type JSXNode,
  recordElement,
  useContext,
  useEffect,
  useId,
  useLayoutEffect,
  useState,
} from "@miqro/jsx";
import { JSXNodeError, renderToString } from "@miqro/jsx-node";

const h = createElement;
const hasCode = (code: string) => (error: unknown) => error instanceof JSXNodeError && error.code === code;

describe("renderToString", () => {
  it("writes elements, text and numbers, and nothing for null, undefined and booleans", () => {
    const node = h("p", { id: "a", title: "t" }, "x", 1, 2n, null, undefined, true, false, 0, "");
    assert.equal(renderToString(node), '<p id="a" title="t">x120</p>');
    assert.equal(renderToString(null), "");
  });

  it("writes arrays, fragments and other iterables in order", () => {
    function* numbers(): Generator<JSXNode> {
      yield 1;
      yield h("i", null, 2);
    }
    const node = [h(Fragment, null, "a", ["b", ["c"]]), new Set(["d"]), numbers()];
    assert.equal(renderToString(node), "abcd1<i>2</i>");
  });

  it("gives components their props and children, both ways", () => {
    const Box = ({ label, children }: { label: string; children?: JSXNode }, second?: JSXNode) =>
      h("div", { "data-label": label }, children, second);
    assert.equal(renderToString(h(Box, { label: "l", key: 1 }, "x")), '<div data-label="l">xx</div>');
  });

  it("uses the first state, runs no effect, and settles a state that is set while rendering", () => {
    let effects = 0;
    function Component(): JSXNode {
      const [count, setCount] = useState(() => 1);
      useEffect(() => {
        effects++;
      });
      useLayoutEffect(() => {
        effects++;
      });
      if (count < 3) setCount(count + 1);
      return count;
    }
    assert.equal(renderToString(h(Component)), "3");
    assert.equal(effects, 0);
  });

  it("reads context from the providers above, also through children", () => {
    const Theme = createContext("none");
    const Read = () => useContext(Theme);
    const tree = h("p", null, h(Theme.Provider, { value: "dark" }, h("b", null, h(Read))), h(Read));
    assert.equal(renderToString(tree), "<p><b>dark</b>none</p>");
  });

  it("takes a context for its own provider, also in a custom element", () => {
    const Theme = createContext("none");
    const Read = () => useContext(Theme);
    const light = () => h("i", null, h(Theme, { value: "inner", children: h(Read) }));
    recordElement({ tag: "rs-theme", component: light, options: { shadowInit: false } });
    const tree = h(Theme, { value: "dark", children: [h("b", null, h(Read)), h("rs-theme")] });
    assert.equal(
      renderToString([tree, h(Read)]),
      "<b>dark</b><rs-theme><!--$s1--><i>inner</i></rs-theme>none",
    );
  });

  it("gives the same ids in each render, and different ones to each component", () => {
    const Field = () => h("i", { id: useId() });
    const tree = () => renderToString([h(Field), h("p", null, h(Field))]);
    assert.equal(tree(), tree());
    const ids = [...tree().matchAll(/id="(.*?)"/g)].map((match) => match[1]);
    assert.equal(new Set(ids).size, 2);
  });

  it("counts the ids of each custom element from the beginning, as its page does", () => {
    const Field = () => h("i", { id: useId() });
    recordElement({ tag: "rs-field", component: Field, options: { shadowInit: false } });
    const html = renderToString([h(Field), h("rs-field"), h(Field), h("rs-field")]);
    const ids = [...html.matchAll(/id="(.*?)"/g)].map((match) => match[1]);
    assert.deepEqual(ids, ["s-1", "s1-1", "s-2", "s2-1"]);
  });

  it("has no limit to how wide a tree is", () => {
    const rows = Array.from({ length: 20_000 }, (_, key) => h("i", { key }));
    assert.equal(renderToString(h("p", null, rows)).length, 7 + 20_000 * 7);
  });

  it("passes on what a component throws, and renders on afterwards", () => {
    const Broken = () => {
      throw new Error("no luck");
    };
    assert.throws(() => renderToString(h("p", null, h(Broken))), /no luck/);
    assert.equal(renderToString(h("p")), "<p></p>");
  });

  it("refuses promises and async components, and does not leave their rejection unhandled", async () => {
    const Later = async (): Promise<never> => {
      throw new Error("rejected");
    };
    assert.throws(() => renderToString(h(Later)), hasCode("JSX_ASYNC_NODE"));
    assert.throws(() => renderToString(Promise.reject(new Error("rejected"))), hasCode("JSX_ASYNC_NODE"));
    // An unhandled rejection would fail this test within this turn.
    await new Promise((resolve) => setImmediate(resolve));
  });

  it("refuses plain objects and functions, so that JSON is never taken for an element", () => {
    const json = JSON.parse(JSON.stringify(h("script", null, "alert(1)")));
    assert.throws(() => renderToString(json), hasCode("JSX_INVALID_NODE"));
    assert.throws(() => renderToString((() => "x") as never), hasCode("JSX_INVALID_NODE"));
  });

  it("begins ids with the prefix that it gets, and refuses one that no id can have", () => {
    const Field = () => h("i", { id: useId() });
    assert.equal(renderToString(h(Field), { idPrefix: "aside" }), '<i id="aside-1"></i>');
    for (const idPrefix of ["", "1", "a b", 'a"', "-->"]) {
      assert.throws(() => renderToString(h(Field), { idPrefix }), { code: "JSX_INVALID_PREFIX" }, idPrefix);
    }
  });
});

describe("renderToString on elements with rules of their own", () => {
  it("writes void elements without content or end tag", () => {
    assert.equal(
      renderToString(h("p", null, h("br"), h("input", { disabled: true }, "x"))),
      "<p><br><input disabled></p>",
    );
  });

  it("writes the value of a textarea as its content, and keeps a first line break", () => {
    assert.equal(renderToString(h("textarea", { value: "\n<b>" })), "<textarea>\n\n&lt;b&gt;</textarea>");
    assert.equal(renderToString(h("pre", null, "\nx")), "<pre>\n\nx</pre>");
    // A parser reads an escaped carriage return as it is, and takes no line break away after it.
    assert.equal(renderToString(h("pre", null, "\r\nx")), "<pre>&#13;\nx</pre>");
  });

  it("selects the option that a select names", () => {
    const select = h("select", { value: "b" }, h("option", { value: "a" }, "A"), h("option", null, "b"));
    assert.equal(
      renderToString(select),
      '<select><option value="a">A</option><option selected>b</option></select>',
    );
    assert.equal(renderToString(h("option", null, "b")), "<option>b</option>");
    assert.equal(
      renderToString(h("select", { value: "b" }, h("option", { value: null }, "b"))),
      "<select><option selected>b</option></select>",
    );
  });

  it("writes an attribute once, as the last of its props says", () => {
    const node = [
      h("p", { class: "a", id: "i", className: "b" }),
      h("p", { className: "b", class: "a" }),
      h("p", { className: "b", class: undefined }),
      h("p", { class: undefined, className: "b" }),
      h("p", { class: "b", className: null }),
      h("p", { tabIndex: 1, tabindex: 2 }),
    ];
    assert.equal(
      renderToString(node),
      '<p class="b" id="i"></p><p class="a"></p><p class="b"></p><p class="b"></p><p></p><p tabindex="2"></p>',
    );
    const both = { dangerouslySetInnerHTML: { __html: "<b>" }, innerHTML: undefined };
    assert.equal(renderToString(h("p", both)), "<p><b></p>");
  });

  it("keeps the case of attributes in SVG only", () => {
    assert.equal(
      renderToString(h("p", { tabIndex: 0 }, h("svg", { viewBox: "0 0 1 1" }))),
      '<p tabindex="0"><svg viewBox="0 0 1 1"></svg></p>',
    );
  });

  it("writes styles from objects", () => {
    const style = { width: 10, opacity: 1, backgroundColor: "red", "--x": "a", top: null };
    assert.equal(
      renderToString(h("i", { style })),
      '<i style="width:10px;opacity:1;background-color:red;--x:a"></i>',
    );
  });

  it("leaves the objects that custom elements take as properties out", () => {
    assert.equal(renderToString(h("my-list", { items: [1], label: "x" })), '<my-list label="x"></my-list>');
  });

  it("writes preload links before a script, each once", () => {
    const preloads: Record<string, readonly string[]> = {
      "/a.js": ["/m/1.js?a&b", "/m/2.js"],
      "/b.js": ["/m/2.js"],
    };
    const modulePreload = (src: string) => preloads[src];
    const scripts = ["/a.js", "/b.js", "/c.js"].map((src) => h("script", { src }));
    assert.equal(
      renderToString(scripts, { modulePreload }),
      '<link rel="modulepreload" href="/m/1.js?a&amp;b"><link rel="modulepreload" href="/m/2.js">' +
        '<script src="/a.js"></script><script src="/b.js"></script><script src="/c.js"></script>',
    );
  });
});
