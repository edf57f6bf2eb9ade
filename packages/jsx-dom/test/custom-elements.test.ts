import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { openPage, type TestPage } from "./support/page.js";

let opened: TestPage;
before(async () => {
  opened = await openPage();
  await opened.page.evaluate(() => {
    /** An element of others: it has properties, attributes and events of every kind. */
    class Theirs extends HTMLElement {
      static formAssociated = true;
      static observedAttributes = ["text"];
      #internals = this.attachInternals();
      bool = false;
      num = 0;
      str = "";
      arr: unknown;
      obj: unknown;
      camelCase: unknown;
      changes: unknown[] = [];
      #accessor: unknown;
      get accessor() {
        return this.#accessor;
      }
      set accessor(value) {
        this.changes.push(value);
        this.#accessor = value;
      }
      get form() {
        return this.#internals.form;
      }
      get type() {
        return "their-field";
      }
      get checked() {
        return false;
      }
      get writeOnly() {
        return undefined;
      }
    }
    customElements.define("their-element", Theirs);
  });
});
after(() => opened.close());

describe("a custom element of others gets", () => {
  it("data: primitives, arrays, objects and functions as properties, what it does not know as attributes", async () => {
    const seen = await opened.page.evaluate(() => {
      const { createElement: h } = jsx;
      const container = newContainer();
      const arr = ["a"];
      const obj = { a: 1 };
      const f = () => {};
      const props = {
        bool: true,
        num: 42,
        str: "s",
        arr,
        obj,
        camelCase: f,
        other: "o",
        yes: true,
        no: false,
        rich: { b: 2 },
      };
      dom.render(h("their-element", props), container);
      // biome-ignore lint/suspicious/noExplicitAny: it has what it was given.
      const element = container.firstChild as any;
      return [
        [
          element.bool,
          element.num,
          element.str,
          element.arr === arr,
          element.obj === obj,
          element.camelCase === f,
          element.rich,
        ],
        element.getAttributeNames().sort(),
      ];
    });
    assert.deepEqual(seen, [
      [true, 42, "s", true, true, true, { b: 2 }],
      ["other", "yes"],
    ]);
  });

  it("attributes for what can only be read, and hears of no change that is none", async () => {
    const seen = await opened.page.evaluate(() => {
      const { createElement: h } = jsx;
      const container = newContainer();
      const view = (accessor: number) => [
        h("form", { id: "outside" }),
        h("their-element", {
          form: "outside",
          type: "t",
          checked: true,
          writeOnly: "w",
          name: "n",
          accessor,
        }),
      ];
      for (const value of [1, 1, 2]) dom.render(view(value), container);
      // biome-ignore lint/suspicious/noExplicitAny: it has what it was given.
      const element = container.lastChild as any;
      const attributes = ["form", "type", "checked", "writeonly", "name"].map((name) =>
        element.getAttribute(name),
      );
      const { changes } = element;
      const owner = element.form?.id;
      dom.render([h("form", { id: "outside" }), h("their-element", { accessor: 2 })], container);
      return [attributes, changes, owner, element.getAttributeNames(), element === container.lastChild];
    });
    assert.deepEqual(seen, [["outside", "t", "", "w", "n"], [1, 2], "outside", [], true]);
  });

  it("all that its definition needs, when that comes later", async () => {
    const seen = await opened.page.evaluate(async () => {
      const { createElement: h } = jsx;
      const container = newContainer();
      const items = [1];
      dom.render(h("late-element", { items, label: "l" }, h("b", null, "child")), container);
      customElements.define(
        "late-element",
        class extends HTMLElement {
          connectedCallback() {
            this.title = `${this.children.length} ${this.getAttribute("label")}`;
          }
        },
      );
      // biome-ignore lint/suspicious/noExplicitAny: it has what it was given.
      const element = container.firstChild as any;
      return [element.items === items, element.title];
    });
    assert.deepEqual(seen, [true, "1 l"]);
  });

  const events: readonly [prop: string, type: string][] = [
    ["onlowercase", "lowercase"],
    ["onkebab-case", "kebab-case"],
    ["oncamelEvent", "camelEvent"],
    ["onCAPSevent", "CAPSevent"],
    ["onPascalEvent", "PascalEvent"],
    ["onpascal.dots", "pascal.dots"],
    ["onx:y", "x:y"],
    ["onClick", "click"],
    ["onclick", "click"],
    ["onDblClick", "dblclick"],
    ["onPointerDown", "pointerdown"],
    ["onGotPointerCapture", "gotpointercapture"],
    ["onFocusIn", "focusin"],
    ["onTouchStart", "touchstart"],
    ["onCompositionEnd", "compositionend"],
    ["onAnimationEnd", "animationend"],
  ];
  for (const [prop, type] of events) {
    it(`the event ${type} of ${prop}, once, in both phases, and no other one`, async () => {
      const heard = await opened.page.evaluate(
        ([prop, type]) => {
          const { createElement: h } = jsx;
          const container = newContainer();
          const log: string[] = [];
          const listen = (on: boolean) =>
            dom.render(
              h(
                "their-element",
                on
                  ? { [prop]: () => log.push("bubble"), [`${prop}Capture`]: () => log.push("capture") }
                  : null,
              ),
              container,
            );
          const fire = (name: string) => container.firstChild?.dispatchEvent(new CustomEvent(name));
          listen(true);
          fire(type);
          if (type !== type.toLowerCase()) fire(type.toLowerCase());
          listen(false);
          fire(type);
          return log;
        },
        [prop, type] as const,
      );
      assert.deepEqual(heard.sort(), ["bubble", "capture"]);
    });
  }

  it("children of every kind, before it is connected, and in the order of the document", async () => {
    const seen = await opened.page.evaluate(async () => {
      const { createElement: h } = jsx;
      const log: string[] = [];
      customElements.define(
        "logging-element",
        class extends HTMLElement {
          connectedCallback() {
            log.push(`${this.id} ${this.childNodes.length}`);
          }
          disconnectedCallback() {
            log.push(`${this.id} gone`);
          }
        },
      );
      const view = (ids: string[]) =>
        ids.map((id) =>
          h("logging-element", { key: id, id }, "text", h("logging-element", { id: `${id}-in` }), [
            null,
            h("i"),
          ]),
        );
      const container = newContainer();
      dom.render(view(["a", "b"]), container);
      dom.render(view(["c", "b", "d"]), container);
      return log;
    });
    assert.deepEqual(seen, [
      "a 3",
      "a-in 0",
      "b 3",
      "b-in 0",
      "a gone",
      "a-in gone",
      "c 3",
      "c-in 0",
      "d 3",
      "d-in 0",
    ]);
  });
});

describe("a copy of an element without shadow root", () => {
  const shapes: readonly [name: string, inside: string, component: string, shown: string][] = [
    ["with children", "<p>hello</p>", "[h('h2', null, 'Title'), children]", "Titlehello"],
    [
      "with children inside of what it shows",
      "<p>hello</p>",
      "h('div', null, h('h2', null, 'Title'), children)",
      "Titlehello",
    ],
    ["without children, though it would show some", "", "h('div', null, 'Title', children)", "Title"],
    ["without children, as it asks for some", "", "h('div', null, children ? 'some' : 'none')", "none"],
    ["that leaves its children out", "<p>hello</p>", "h('div', null, 'Title')", "Title"],
    ["that shows nothing but them", "<p>hello</p>", "children", "hello"],
    [
      "that passes them on to another of its kind",
      "<p>hello</p>",
      "deep ? children : h(tag, { deep: true }, 'in ', children)",
      "in hello",
    ],
    [
      "that has another of its kind before them",
      "<p>hello</p>",
      "deep ? children : [h(tag, { deep: true }, 'in '), children]",
      "in hello",
    ],
  ];
  for (const [index, [name, inside, component, shown]] of shapes.entries()) {
    it(`shows what the element shows: ${name}`, async () => {
      const seen = await opened.page.evaluate(
        async ([index, inside, component]) => {
          const tag = `copied-${index}`;
          const make = new globalThis.Function("h", "tag", `return ({ children, deep }) => ${component}`);
          dom.define(tag, make(jsx.createElement, tag), { shadowInit: false, props: { deep: "boolean" } });
          const container = newContainer();
          container.innerHTML = `<${tag}>${inside}</${tag}>`;
          await settled();
          const original = container.firstChild as HTMLElement;
          const texts = [original.textContent];
          const copy = original.cloneNode(true) as HTMLElement;
          container.append(copy);
          await settled();
          // A copy of a copy, one in an element that is copied, and one that came back from a cache.
          const third = copy.cloneNode(true) as HTMLElement;
          const around = container.cloneNode(true) as HTMLElement;
          document.body.append(third, around);
          copy.remove();
          await settled();
          container.append(copy);
          await settled();
          texts.push(
            copy.textContent,
            third.textContent,
            ...[...around.children].map(({ textContent }) => textContent),
          );
          const { length } = container.querySelectorAll("p");
          for (const element of [container, third, around]) element.remove();
          return [texts, length];
        },
        [index, inside, component] as const,
      );
      assert.deepEqual((seen as [string[]])[0], Array(5).fill(shown));
    });
  }

  it("is told from an element whose children begin with texts that are empty", async () => {
    const text = await opened.page.evaluate(async () => {
      const { createElement: h } = jsx;
      dom.define("no-copy", (({ children }: { children?: never }) => ["shown ", children]) as never, {
        shadowInit: false,
      });
      const container = newContainer();
      dom.render(h("no-copy", null, "", "", h("b", null, "given")), container);
      await settled();
      return container.textContent;
    });
    assert.equal(text, "shown given");
  });

  it("counts on its own", async () => {
    const texts = await opened.page.evaluate(async () => {
      const { createElement: h, useState } = jsx;
      const Counter = ({ children }: { children?: never }) => {
        const [n, setN] = useState(0);
        return [h("button", { onClick: () => setN(n + 1) }, n), children];
      };
      dom.define("copied-counter", Counter as never, { shadowInit: false });
      const container = newContainer();
      container.innerHTML = "<copied-counter><i>x</i></copied-counter>";
      await settled();
      container.querySelector("button")?.click();
      await settled();
      container.append((container.firstChild as Element).cloneNode(true));
      await settled();
      const buttons = [...container.querySelectorAll("button")];
      buttons[1]?.click();
      await settled();
      buttons[1]?.click();
      await settled();
      return buttons.map(({ textContent }) => textContent).concat(container.textContent);
    });
    assert.deepEqual(texts, ["1", "2", "1x2x"]);
  });
});
