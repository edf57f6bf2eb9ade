import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { openPage, type TestPage } from "./support/page.js";

let opened: TestPage;
before(async () => {
  opened = await openPage();
});
after(() => opened.close());

describe("render", () => {
  it("shows elements, text, fragments and lists, and changes them in place", async () => {
    const result = await opened.page.evaluate(() => {
      const { createElement: h, Fragment } = jsx;
      const container = newContainer();
      container.textContent = "was here";
      const view = (text: string, on: boolean) =>
        h("p", { id: text }, "a ", text, on && h("b", null, "on"), [1, 2], h(Fragment, null, "f", null));
      dom.render(view("x", false), container);
      const first = container.innerHTML;
      const paragraph = container.firstChild;
      dom.render(view("y", true), container);
      return [first, container.innerHTML, paragraph === container.firstChild];
    });
    assert.deepEqual(result, ['<p id="x">a x12f</p>', '<p id="y">a y<b>on</b>12f</p>', true]);
  });

  it("shows nothing of a noscript, whose images would load and whose components would run", async () => {
    const result = await opened.page.evaluate(() => {
      const { createElement: h } = jsx;
      const container = newContainer();
      let runs = 0;
      const Fallback = () => h("img", { src: `data:,${++runs}` });
      const view = (id: string) => h("noscript", { id }, h(Fallback, null), "text");
      dom.render(view("a"), container);
      const first = container.innerHTML;
      dom.render(view("b"), container);
      return [first, container.innerHTML, runs];
    });
    assert.deepEqual(result, ['<noscript id="a"></noscript>', '<noscript id="b"></noscript>', 0]);
  });

  it("removes everything when it is given null", async () => {
    const html = await opened.page.evaluate(() => {
      const container = newContainer();
      dom.render([jsx.createElement("p"), "text"], container);
      dom.render(null, container);
      return container.innerHTML;
    });
    assert.equal(html, "");
  });

  it("counts with state, and batches updates in a microtask", async () => {
    const result = await opened.page.evaluate(async () => {
      const { createElement: h, useState } = jsx;
      let renders = 0;
      function Counter() {
        const [count, setCount] = useState(0);
        renders++;
        const add = () => {
          setCount((before) => before + 1);
          setCount((before) => before + 1);
        };
        return h("button", { onClick: add }, "count: ", count);
      }
      const container = newContainer();
      dom.render(h(Counter), container);
      const button = container.firstChild as HTMLButtonElement;
      button.click();
      const before = button.textContent;
      await settled();
      return [before, button.textContent, renders];
    });
    assert.deepEqual(result, ["count: 0", "count: 2", 2]);
  });

  it("puts what a component in the middle shows later in its place", async () => {
    const html = await opened.page.evaluate(async () => {
      const { createElement: h, useState } = jsx;
      let show: (value: boolean) => void = () => {};
      function Late() {
        const [shown, setShown] = useState(false);
        show = setShown;
        return shown ? [h("i", { key: 1 }), h("b", { key: 2 })] : null;
      }
      const Wrapper = () => [h(Late), null];
      const container = newContainer();
      dom.render(["a", h(Wrapper), [null, []], "z"], container);
      show(true);
      await settled();
      return container.innerHTML;
    });
    assert.equal(html, "a<i></i><b></b>z");
  });

  it("mounts anew what changes its type or key", async () => {
    const same = await opened.page.evaluate(() => {
      const { createElement: h } = jsx;
      const container = newContainer();
      return [h("p", { key: 1 }), h("p", { key: 2 }), h("b", { key: 2 }), h("b", { key: 2, id: "x" })].map(
        (node) => {
          const before = container.firstChild;
          dom.render(node, container);
          return before === container.firstChild;
        },
      );
    });
    assert.deepEqual(same, [false, false, false, true]);
  });

  it("creates SVG and MathML in their namespaces, and HTML inside foreignObject", async () => {
    const result = await opened.page.evaluate(() => {
      const { createElement: h } = jsx;
      const container = newContainer();
      const Inner = () => [h("circle")];
      dom.render(
        [
          h("svg", { viewBox: "0 0 1 1" }, h(Inner), h("foreignObject", null, h("p"))),
          h("math", null, h("mi")),
        ],
        container,
      );
      return ["circle", "foreignObject", "p", "mi"].map((name) =>
        container.querySelector(name)?.namespaceURI?.split("/").at(-1),
      );
    });
    assert.deepEqual(result, ["svg", "svg", "xhtml", "MathML"]);
  });

  it("throws the error of a component, and leaves the page whole", async () => {
    const result = await opened.page.evaluate(() => {
      const { createElement: h } = jsx;
      const container = newContainer();
      const Picky = ({ ok }: { ok: boolean }) => {
        if (!ok) throw new Error("picky");
        return "fine";
      };
      const view = (ok: boolean, text: string) => [h("p", null, h(Picky, { ok })), h("i", null, text)];
      let thrown = "";
      dom.render(view(true, "1"), container);
      try {
        dom.render(view(false, "2"), container);
      } catch (error) {
        thrown = String(error);
      }
      const kept = container.innerHTML;
      dom.render(view(true, "3"), container);
      return [thrown, kept, container.innerHTML];
    });
    assert.deepEqual(result, ["Error: picky", "<p>fine</p><i>2</i>", "<p>fine</p><i>3</i>"]);
  });

  it("reports what fails later, and goes on with other components", async () => {
    const result = await opened.page.evaluate(async () => {
      const { createElement: h, useState } = jsx;
      const setters: ((value: number) => void)[] = [];
      const Part = ({ fails }: { fails: boolean }) => {
        const [count, setCount] = useState(0);
        setters.push(setCount);
        if (fails && count > 0) throw new Error("later");
        return count;
      };
      const container = newContainer();
      dom.render([h(Part, { fails: true }), h(Part, { fails: false })], container);
      reported.length = 0;
      for (const set of setters.slice(0, 2)) set(1);
      await settled();
      return [container.innerHTML, [...reported]];
    });
    assert.deepEqual(result, ["01", ["Error: later"]]);
  });

  it("refuses what cannot be rendered, and shows the rest", async () => {
    const result = await opened.page.evaluate(() => {
      const { createElement: h } = jsx;
      const errors: string[] = [];
      for (const child of [{ a: 1 }, () => {}, Promise.resolve("x")]) {
        const container = newContainer();
        try {
          dom.render(h("p", null, "a", child as never, "b"), container);
        } catch (error) {
          errors.push(`${(error as { code: string }).code} ${container.innerHTML}`);
        }
      }
      return errors;
    });
    assert.deepEqual(result, Array(3).fill("JSX_INVALID_NODE <p>ab</p>"));
  });

  it("stops components that ask for renders without end", async () => {
    const errors = await opened.page.evaluate(async () => {
      const { createElement: h, useLayoutEffect, useState } = jsx;
      function Endless() {
        const [count, setCount] = useState(0);
        useLayoutEffect(() => setCount(count + 1));
        return count;
      }
      reported.length = 0;
      dom.render(h(Endless), newContainer());
      await settled();
      return [...reported];
    });
    assert.equal(errors.length, 1);
    assert.match(errors[0] ?? "", /100 renders/);
  });
});

describe("effects", () => {
  it("run from the leaves up, refs before layout effects, and the others after painting", async () => {
    const log = await opened.page.evaluate(async () => {
      const { createElement: h, useEffect, useLayoutEffect, useRef } = jsx;
      const seen: string[] = [];
      const Part = ({ name, children }: { name: string; children?: never }) => {
        const ref = useRef<Element | null>(null);
        useLayoutEffect(() => {
          seen.push(`layout ${name} ${ref.current?.isConnected}`);
        });
        useEffect(() => {
          seen.push(`effect ${name}`);
        });
        return h("p", { ref }, children);
      };
      dom.render(h(Part, { name: "outer" }, h(Part, { name: "inner" })), newContainer());
      seen.push("rendered");
      await painted();
      return seen;
    });
    assert.deepEqual(log, [
      "layout inner true",
      "layout outer true",
      "rendered",
      "effect inner",
      "effect outer",
    ]);
  });

  it("clean up below removed parents, and empty refs", async () => {
    const result = await opened.page.evaluate(async () => {
      const { createElement: h, useEffect } = jsx;
      const log: string[] = [];
      const Leaf = ({ name }: { name: string }) => {
        useEffect(() => () => log.push(`clean ${name}`), []);
        return h("i", {
          ref: (element: Element | null) => log.push(`${name} ${element === null ? "none" : "set"}`),
        });
      };
      const container = newContainer();
      dom.render(h("div", null, h("p", null, h(Leaf, { name: "a" }), [h(Leaf, { name: "b" })])), container);
      await painted();
      dom.render(h("div"), container);
      return [log, container.innerHTML];
    });
    assert.deepEqual(result, [["a set", "b set", "clean a", "a none", "clean b", "b none"], "<div></div>"]);
  });
});

describe("context in a page", () => {
  it("renders only the readers again when the value changes", async () => {
    const result = await opened.page.evaluate(async () => {
      const { createContext, createElement: h, useContext, useState } = jsx;
      const Theme = createContext("none");
      const renders: string[] = [];
      let set: (value: string) => void = () => {};
      const Reader = () => {
        renders.push("reader");
        return useContext(Theme);
      };
      const Between = () => {
        renders.push("between");
        return h(Reader);
      };
      const App = ({ children }: { children?: never }) => {
        const [theme, setTheme] = useState("dark");
        set = setTheme;
        return h(Theme.Provider, { value: theme }, children);
      };
      const container = newContainer();
      dom.render(h(App, null, h(Between)), container);
      set("blue");
      await settled();
      return [renders, container.textContent];
    });
    assert.deepEqual(result, [["between", "reader", "reader"], "blue"]);
  });
});
