import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { findRecordedElement, JSXError } from "@miqro/jsx";
import { define } from "@miqro/jsx-dom";
import { openPage, type TestPage } from "./support/page.js";

let opened: TestPage;
before(async () => {
  opened = await openPage();
});
after(() => opened.close());

describe("define in a page", () => {
  it("makes a counter that counts", async () => {
    const result = await opened.page.evaluate(async () => {
      const { createElement: h, useState } = jsx;
      function Counter() {
        const [n, setN] = useState(0);
        return h("button", { onClick: () => setN(n + 1) }, "count: ", n);
      }
      const container = newContainer();
      container.innerHTML = '<my-counter initial="0"></my-counter>';
      dom.define("my-counter", Counter, { observedAttributes: ["initial"], shadowInit: false });
      const first = container.innerHTML;
      for (let click = 0; click < 2; click++) {
        container.querySelector("button")?.click();
        await settled();
      }
      return [first, container.querySelector("button")?.textContent];
    });
    assert.deepEqual(result, ['<my-counter initial="0"><button>count: 0</button></my-counter>', "count: 2"]);
  });

  it("gives attributes as props, and renders again when an observed one changes", async () => {
    const result = await opened.page.evaluate(async () => {
      const Greeting = ({ name, tone }: { name?: string; tone?: string }) => `${name} ${tone}`;
      dom.define("my-greeting", Greeting, { observedAttributes: ["name"] });
      const container = newContainer();
      container.innerHTML = '<my-greeting name="a" tone="b"></my-greeting>';
      const element = container.firstChild as HTMLElement;
      const text = async () => {
        await settled();
        return element.shadowRoot?.textContent;
      };
      const seen = [await text()];
      element.setAttribute("tone", "c");
      seen.push(await text());
      element.setAttribute("name", "d");
      seen.push(await text());
      return seen;
    });
    assert.deepEqual(result, ["a b", "a b", "d c"]);
  });

  it("reads declared props from attributes and properties, by their type", async () => {
    const result = await opened.page.evaluate(async () => {
      const Show = (props: object) => JSON.stringify(props);
      const container = newContainer();
      container.innerHTML = `<my-props max-items="3" open list='[1]' label="x"></my-props>`;
      const element = container.firstChild as HTMLElement & Record<string, unknown>;
      element.label = "set before the definition";
      dom.define("my-props", Show, {
        props: { maxItems: "number", open: "boolean", list: "json", label: "string" },
      });
      const read = async () => {
        await settled();
        return JSON.parse(element.shadowRoot?.textContent ?? "");
      };
      const seen = [await read()];
      element.list = [2];
      element.removeAttribute("open");
      seen.push(await read(), element.maxItems);
      element.setAttribute("list", "[3]");
      seen.push((await read()).list);
      return seen;
    });
    const label = "set before the definition";
    assert.deepEqual(result, [
      { maxItems: 3, open: true, list: [1], label },
      { maxItems: 3, open: false, list: [2], label },
      3,
      [3],
    ]);
  });

  it("keeps the state of an element that moves, and cleans up when it leaves", async () => {
    const result = await opened.page.evaluate(async () => {
      const { createElement: h, useEffect, useElement, useState } = jsx;
      const log: string[] = [];
      function Stateful() {
        const [count, setCount] = useState(0);
        const element = useElement();
        useEffect(() => {
          log.push(`hello ${element?.localName}`);
          return () => log.push("bye");
        }, []);
        return h("button", { onClick: () => setCount(count + 1) }, count);
      }
      dom.define("my-stateful", Stateful, { shadowInit: false });
      const [here, there] = [newContainer(), newContainer()];
      here.innerHTML = "<my-stateful></my-stateful>";
      const element = here.firstChild as HTMLElement;
      element.querySelector("button")?.click();
      await painted();
      there.append(element);
      await settled();
      log.push(`moved ${element.textContent}`);
      there.textContent = "";
      await settled();
      log.push(`left ${element.innerHTML}`);
      there.append(element);
      await painted();
      log.push(`back ${element.textContent}`);
      return log;
    });
    assert.deepEqual(result, ["hello my-stateful", "moved 1", "bye", "left ", "hello my-stateful", "back 0"]);
  });

  it("cleans up when a component removes the element, and passes it properties", async () => {
    const result = await opened.page.evaluate(async () => {
      const { createElement: h, useEffect } = jsx;
      let cleaned = 0;
      const Inner = ({ items = [] }: { items?: readonly string[] }) => {
        useEffect(() => () => cleaned++, []);
        return items.join();
      };
      dom.define("my-inner", Inner, { props: { items: "json" }, shadowInit: { mode: "open" } });
      const container = newContainer();
      dom.render(h("p", null, h("my-inner", { items: ["a", "b"] })), container);
      await painted();
      const text = container.querySelector("my-inner")?.shadowRoot?.textContent;
      dom.render(null, container);
      await settled();
      return [text, cleaned];
    });
    assert.deepEqual(result, ["a,b", 1]);
  });

  it("adopts styles in the shadow root, or once in the document", async () => {
    const result = await opened.page.evaluate(() => {
      const Empty = () => "x";
      dom.define("my-shady", Empty, { styles: "i { color: red }" });
      dom.define("my-light", Empty, { styles: ["my-light { color: rgb(1, 2, 3) }"], shadowInit: false });
      const before = document.adoptedStyleSheets.length;
      const container = newContainer();
      container.innerHTML = "<my-shady></my-shady><my-light></my-light><my-light></my-light>";
      const [shady, light] = [...container.children] as [HTMLElement, HTMLElement];
      return [
        shady.shadowRoot?.adoptedStyleSheets.length,
        document.adoptedStyleSheets.length - before,
        getComputedStyle(light).color,
      ];
    });
    assert.deepEqual(result, [1, 1, "rgb(1, 2, 3)"]);
  });

  it("keeps its styles in another document and in another shadow root", async () => {
    const result = await opened.page.evaluate(async () => {
      const { createElement: h } = jsx;
      const red = (selector: string) => `${selector} { color: rgb(255, 0, 0) }`;
      dom.define("my-far", () => h("p", null, "x"), { styles: red("p") });
      dom.define("my-near", () => h("p", null, "x"), { styles: red("my-near p"), shadowInit: false });
      const container = newContainer();
      const colorOf = (element: Element) => {
        const p = (element.shadowRoot ?? element).querySelector("p") as Element;
        return getComputedStyle(p).color;
      };
      container.innerHTML = "<my-far></my-far><my-near></my-near><iframe></iframe><div></div>";
      const [far, near, frame, div] = [...container.children] as [
        Element,
        Element,
        HTMLIFrameElement,
        Element,
      ];
      const inner = frame.contentDocument as Document;
      const born = document.createElement("my-far");
      const seen = [colorOf(far), colorOf(near)];
      div.attachShadow({ mode: "open" }).append(near);
      seen.push(colorOf(near));
      inner.body.append(far, born, near);
      await settled();
      seen.push(colorOf(far), colorOf(born), colorOf(near));
      container.append(far, near);
      seen.push(colorOf(far), colorOf(near));
      return [...new Set(seen), document.adoptedStyleSheets.length, inner.adoptedStyleSheets.length];
    });
    assert.deepEqual(result.slice(0, -2), ["rgb(255, 0, 0)"]);
    assert.equal(result.at(-1), 1);
  });

  it("reports what the component throws, and the page goes on", async () => {
    const result = await opened.page.evaluate(async () => {
      dom.define("my-broken", () => {
        throw new Error("broken element");
      });
      reported.length = 0;
      const container = newContainer();
      container.innerHTML = "<my-broken></my-broken>";
      await settled();
      return [[...reported], container.innerHTML];
    });
    assert.deepEqual(result, [["Error: broken element"], "<my-broken></my-broken>"]);
  });
});

describe("define with formAssociated and extends", () => {
  it("gives a form the value that the component says", async () => {
    const result = await opened.page.evaluate(async () => {
      const { createElement: h, useElement, useLayoutEffect, useState } = jsx;
      function Stars() {
        const [stars, setStars] = useState(3);
        const element = useElement<HTMLElement & { internals: ElementInternals }>();
        useLayoutEffect(() => element?.internals.setFormValue(String(stars)), [stars]);
        return h("button", { type: "button", onClick: () => setStars(stars + 1) }, stars);
      }
      dom.define("star-field", Stars, { formAssociated: true });
      const container = newContainer();
      container.innerHTML = '<form><star-field name="stars"></star-field></form>';
      const form = container.firstChild as HTMLFormElement;
      const seen = [new FormData(form).get("stars")];
      form.querySelector("star-field")?.shadowRoot?.querySelector("button")?.click();
      await settled();
      seen.push(new FormData(form).get("stars"));
      return seen;
    });
    assert.deepEqual(result, ["3", "4"]);
  });

  it("customizes a built-in element, also one that a component renders", async () => {
    const result = await opened.page.evaluate(async () => {
      const { createElement: h } = jsx;
      dom.define("my-item", ({ text }: { text?: string }) => h("b", null, text), {
        extends: "li",
        shadowInit: false,
        props: { text: "string" },
      });
      const container = newContainer();
      dom.render(h("ul", null, h("li", { is: "my-item", text: "x" })), container);
      await settled();
      const item = container.querySelector("li");
      return [item?.textContent, item instanceof HTMLLIElement];
    });
    assert.deepEqual(result, ["x", true]);
  });
});

describe("an error boundary in a page", () => {
  it("takes errors of renders, effects and elements, and the rest of the page goes on", async () => {
    const result = await opened.page.evaluate(async () => {
      const { createElement: h, useEffect, useErrorBoundary, useState } = jsx;
      let fail: (what: boolean) => void = () => {};
      const Later = () => {
        const [fails, setFails] = useState(false);
        fail = setFails;
        useEffect(() => {
          if (fails) throw new Error("effect");
        });
        return "fine";
      };
      const Boundary = ({ children }: { children?: never }) => {
        const [error, reset] = useErrorBoundary();
        return error === undefined ? children : h("button", { onClick: reset }, String(error));
      };
      const Broken = () => {
        throw new Error("render");
      };
      const container = newContainer();
      dom.render(
        [
          h(Boundary, { key: 1 }, h("p", null, h(Broken))),
          h(Boundary, { key: 2 }, h(Later)),
          h("i", null, "rest"),
        ],
        container,
      );
      await settled();
      const seen = [container.textContent];
      fail(true);
      await painted();
      await settled();
      seen.push(container.textContent);
      container.querySelectorAll("button")[1]?.click();
      await settled();
      seen.push(container.textContent);
      return seen;
    });
    assert.deepEqual(result, [
      "Error: renderfinerest",
      "Error: renderError: effectrest",
      "Error: renderfinerest",
    ]);
  });
});

describe("define without a browser", () => {
  it("records the component, the last one of a tag", () => {
    const First = () => "1";
    const Second = () => "2";
    const options = { shadowInit: false } as const;
    define("my-recorded", First);
    define("my-recorded", Second, options);
    assert.deepEqual(findRecordedElement("my-recorded"), { tag: "my-recorded", component: Second, options });
  });

  it("refuses a tag that no custom element can have", () => {
    for (const tag of ["counter", "My-counter", "", "my counter-x", "1-a"]) {
      assert.throws(
        () => define(tag, () => null),
        (error) => error instanceof JSXError && error.code === "JSX_INVALID_TAG",
      );
    }
  });
});
