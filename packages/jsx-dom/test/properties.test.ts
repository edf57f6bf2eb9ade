import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { openPage, type TestPage } from "./support/page.js";

let opened: TestPage;
before(async () => {
  opened = await openPage();
});
after(() => opened.close());

describe("the props of an element", () => {
  it("become attributes, and leave with their prop", async () => {
    const result = await opened.page.evaluate(() => {
      const { createElement: h } = jsx;
      const container = newContainer();
      const html = (props: Record<string, unknown>) => {
        dom.render(h("p", props), container);
        return container.innerHTML;
      };
      return [
        html({ className: "a", htmlFor: "f", hidden: true, "aria-busy": false, "data-n": 0, title: null }),
        html({ class: "b" }),
        html({}),
      ];
    });
    assert.deepEqual(result, [
      '<p class="a" for="f" hidden="" aria-busy="false" data-n="0"></p>',
      '<p class="b"></p>',
      "<p></p>",
    ]);
  });

  it("set styles from objects and text", async () => {
    const result = await opened.page.evaluate(() => {
      const { createElement: h } = jsx;
      const container = newContainer();
      return [
        { width: 1, color: "red", "--x": "1" },
        { width: 2, "--x": null },
        "top: 1px",
        { left: 3 },
        undefined,
      ].map((style) => {
        dom.render(h("p", { style }), container);
        return (container.firstChild as HTMLElement).style.cssText;
      });
    });
    assert.deepEqual(result, [
      "width: 1px; color: red; --x: 1;",
      "width: 2px;",
      "top: 1px;",
      "left: 3px;",
      "",
    ]);
  });

  it("refuse URLs that run scripts and text as a handler", async () => {
    const html = await opened.page.evaluate(() => {
      const container = newContainer();
      dom.render(jsx.createElement("a", { href: "javascript:0", onclick: "alert(1)" }), container);
      return container.innerHTML;
    });
    assert.equal(html, '<a href="about:blank#blocked"></a>');
  });

  it("follow the value of a field although the user changed it", async () => {
    const result = await opened.page.evaluate(() => {
      const { createElement: h } = jsx;
      const container = newContainer();
      const view = () =>
        h(
          "form",
          null,
          h("input", { value: "150", type: "range", max: 200 }),
          h("input", { type: "checkbox", checked: true }),
          h("select", { value: "b" }, h("option", null, "a"), h("option", null, "b")),
        );
      dom.render(view(), container);
      const [range, box, select] = [...container.querySelectorAll<HTMLInputElement>("input,select")] as [
        HTMLInputElement,
        HTMLInputElement,
        HTMLInputElement,
      ];
      const values = () => [range.value, box.checked, select.value];
      const first = values();
      range.value = "1";
      box.checked = false;
      select.value = "a";
      dom.render(view(), container);
      return [first, values()];
    });
    assert.deepEqual(result, [
      ["150", true, "b"],
      ["150", true, "b"],
    ]);
  });

  it("leave a field to the user where they are left out", async () => {
    const result = await opened.page.evaluate(() => {
      const { createElement: h } = jsx;
      const container = newContainer();
      const view = (title: number, value?: string | null, checked?: boolean) =>
        h(
          "form",
          { title },
          h("input", { value, title }),
          h("input", { type: "checkbox", checked, title }),
          h("textarea", { value, title }),
          h("select", { value, title }, h("option", null, "a"), h("option", null, "b")),
        );
      dom.render(view(0), container);
      const [text, box, area, select] = [...container.querySelectorAll<HTMLInputElement>("[title]")].slice(
        1,
      ) as [HTMLInputElement, HTMLInputElement, HTMLInputElement, HTMLInputElement];
      const values = () => [text.value, box.checked, area.value, select.value];
      text.value = area.value = "typed";
      box.checked = true;
      select.value = "b";
      dom.render(view(1), container);
      const seen = [values()];
      dom.render(view(2, null), container);
      seen.push(values());
      dom.render(view(3, "a", false), container);
      seen.push(values());
      dom.render(view(4), container);
      seen.push(values());
      return seen;
    });
    assert.deepEqual(result, [
      ["typed", true, "typed", "b"],
      ["typed", true, "typed", "b"],
      ["a", false, "a", "a"],
      // A select without a value shows what the browser chooses.
      ["", false, "", "a"],
    ]);
  });

  it("say how a field begins", async () => {
    const result = await opened.page.evaluate(() => {
      const { createElement: h } = jsx;
      const container = newContainer();
      const view = (title: number) =>
        h(
          "form",
          { title },
          h("input", { defaultValue: "x", title }),
          h("input", { type: "checkbox", defaultChecked: true, title }),
          h("textarea", { title }, "y"),
          h("select", { title }, h("option", null, "a"), h("option", { defaultSelected: true }, "b")),
        );
      dom.render(view(0), container);
      const form = container.firstChild as HTMLFormElement;
      const [text, box, area, select] = [...form.elements] as HTMLInputElement[];
      const values = () => [text?.value, box?.checked, area?.value, select?.value];
      const seen = [values()];
      for (const field of [text, area] as HTMLInputElement[]) field.value = "typed";
      (box as HTMLInputElement).checked = false;
      (select as HTMLInputElement).value = "a";
      dom.render(view(1), container);
      seen.push(values());
      return seen;
    });
    assert.deepEqual(result, [
      ["x", true, "y", "b"],
      ["typed", false, "typed", "a"],
    ]);
  });

  it("leave no value where there is none: an option has its text then", async () => {
    const result = await opened.page.evaluate(() => {
      const { createElement: h } = jsx;
      const container = newContainer();
      const view = (value: string | number | null | undefined) => [
        h("select", null, h("option", { value }, "A")),
        h("progress", { value }),
        h("ol", null, h("li", { value }, "x")),
        h("button", { value }, "b"),
      ];
      return [undefined, null, null, 0, undefined].map((value) => {
        dom.render(view(value), container);
        const option = container.querySelector("option") as HTMLOptionElement;
        return `${option.value} ${container.querySelectorAll("[value]").length}`;
      });
    });
    assert.deepEqual(result, ["A 0", "A 0", "A 0", "0 4", "A 0"]);
  });

  it("link to elements of SVG by both names", async () => {
    const result = await opened.page.evaluate(() => {
      const { createElement: h } = jsx;
      const container = newContainer();
      const rect = h("defs", null, h("rect", { id: "linked", width: 10, height: 10 }));
      return ["href", "xlink:href"].map((name) => {
        dom.render(h("svg", { key: name }, rect, h("use", { [name]: "#linked" })), container);
        const use = container.querySelector("use") as SVGUseElement;
        return [use.href.baseVal, use.getBBox().width];
      });
    });
    assert.deepEqual(result, [
      ["#linked", 10],
      ["#linked", 10],
    ]);
  });

  it("may begin with on, when a custom element declares them", async () => {
    const result = await opened.page.evaluate(async () => {
      const { createElement: h } = jsx;
      const options = { props: { online: "boolean", once: "string" }, shadowInit: false } as const;
      dom.define("my-status", ({ online, once }: never) => `${online} ${once}`, options);
      const container = newContainer();
      let heard = 0;
      const listeners = { onclick: () => heard++, onOnce: () => heard++, onoffline: () => heard++ };
      dom.render(h("my-status", { online: true, once: "x", ...listeners }), container);
      await settled();
      const status = container.firstChild as HTMLElement;
      status.click();
      for (const type of ["Once", "offline"]) status.dispatchEvent(new Event(type));
      return [status.textContent, heard];
    });
    assert.deepEqual(result, ["true x", 3]);
  });

  it("replace children by raw HTML and back", async () => {
    const result = await opened.page.evaluate(() => {
      const { createElement: h } = jsx;
      const container = newContainer();
      const nodes = [
        h("p", null, "a", h("b")),
        h("p", { innerHTML: "<i>x</i>" }),
        h("p", { dangerouslySetInnerHTML: { __html: "<u></u>" } }),
        h("p", null, "c"),
      ];
      return nodes.map((node) => {
        dom.render(node, container);
        return container.innerHTML;
      });
    });
    assert.deepEqual(result, ["<p>a<b></b></p>", "<p><i>x</i></p>", "<p><u></u></p>", "<p>c</p>"]);
  });

  it("reach custom elements as properties where they have them, or are objects", async () => {
    const result = await opened.page.evaluate(() => {
      class Known extends HTMLElement {
        count = 0;
      }
      customElements.define("known-element", Known);
      const container = newContainer();
      const items = [1];
      dom.render(jsx.createElement("known-element", { count: 2, items, label: "l", title: "t" }), container);
      const element = container.firstChild as Known & { items: unknown };
      return [element.count, element.items, element.outerHTML];
    });
    assert.deepEqual(result, [2, [1], '<known-element label="l" title="t"></known-element>']);
  });

  it("that cannot be the name of an attribute are left out with a warning, and the others are set", async () => {
    const [html, warnings] = await opened.page.evaluate(() => {
      const container = newContainer();
      const { warn } = console;
      const warnings: string[] = [];
      console.warn = (text) => warnings.push(text);
      const names = ["a b", "", "a>", "a/", "a=", "\n"];
      const props = Object.fromEntries(names.map((name) => [name, 1]));
      dom.render(jsx.createElement("p", { ...props, id: "x" }), container);
      dom.render(jsx.createElement("p", { id: "y" }), container);
      console.warn = warn;
      return [container.innerHTML, warnings] as const;
    });
    assert.equal(html, '<p id="y"></p>');
    assert.equal(warnings.length, 6);
    assert.match(warnings[0] ?? "", /^"a b" is left out of <p>/);
  });

  it("that a custom element refuses are reported, and the others are set", async () => {
    const result = await opened.page.evaluate(() => {
      customElements.define(
        "refusing-element",
        class extends HTMLElement {
          set count(_value: number) {
            throw new RangeError("too many");
          }
        },
      );
      const container = newContainer();
      let thrown = "";
      try {
        dom.render(jsx.createElement("refusing-element", { count: 1, id: "x" }), container);
      } catch (error) {
        thrown = String(error);
      }
      return [thrown, container.innerHTML];
    });
    assert.deepEqual(result, ["RangeError: too many", '<refusing-element id="x"></refusing-element>']);
  });
});

describe("listeners", () => {
  it("are exchanged and removed, in both cases and phases", async () => {
    const result = await opened.page.evaluate(() => {
      const { createElement: h } = jsx;
      const log: string[] = [];
      const container = newContainer();
      const view = (name: string | undefined) => {
        const listener = name && (() => log.push(name));
        return h(
          "div",
          { onClickCapture: listener },
          h("button", { onclick: listener, onMyevent: listener, "onmy-Event": listener }),
        );
      };
      const fire = () => {
        const button = container.querySelector("button") as HTMLButtonElement;
        button.click();
        button.dispatchEvent(new Event("myevent"));
        button.dispatchEvent(new Event("my-Event"));
      };
      for (const name of ["a", "b", undefined]) {
        dom.render(view(name), container);
        fire();
      }
      return log;
    });
    assert.deepEqual(result, ["a", "a", "a", "a", "b", "b", "b", "b"]);
  });

  it("take the phase from the name, save for events that end in Capture", async () => {
    const result = await opened.page.evaluate(() => {
      const log: string[] = [];
      const container = newContainer();
      const props = {
        onMouseOverCapture: () => log.push("capture"),
        onMouseOver: () => log.push("bubble"),
        onGotPointerCapture: () => log.push("got"),
      };
      dom.render(jsx.createElement("p", props, jsx.createElement("b")), container);
      container.querySelector("b")?.dispatchEvent(new Event("mouseover", { bubbles: true }));
      container.querySelector("p")?.dispatchEvent(new Event("gotpointercapture"));
      return log;
    });
    assert.deepEqual(result, ["capture", "bubble", "got"]);
  });

  it("do not hear the event that made them", async () => {
    const clicks = await opened.page.evaluate(async () => {
      const { createElement: h, useState } = jsx;
      let outer = 0;
      function Panel() {
        const [open, setOpen] = useState(false);
        return h(
          "div",
          open ? { onClick: () => outer++ } : null,
          h("button", { onClick: () => setOpen(true) }, "open"),
        );
      }
      const container = newContainer();
      container.id = "panel";
      dom.render(h(Panel), container);
      Object.assign(globalThis, { outerClicks: () => outer });
      return outer;
    });
    assert.equal(clicks, 0);
    // A real click: only there microtasks run between two listeners.
    await opened.page.click("#panel button");
    const outerClicks = () =>
      opened.page.evaluate(() => (globalThis as never as { outerClicks(): number }).outerClicks());
    assert.equal(await outerClicks(), 0);
    await opened.page.click("#panel button");
    assert.equal(await outerClicks(), 1);
  });
});

describe("a number in a style object", () => {
  it("is a length where the property takes no number", async () => {
    const [shown, lost] = await opened.page.evaluate(() => {
      const container = newContainer();
      const show = (name: string) => {
        dom.render(jsx.createElement("p", { key: name, style: { [name]: 3 } }), container);
        return (container.firstChild as HTMLElement).style.getPropertyValue(jsx.toStyleName(name));
      };
      const takesOne = (name: string) =>
        ["3", "3px"].some((text) => CSS.supports(jsx.toStyleName(name), text));
      const names = Object.keys(document.body.style).filter((name) => !/^(?:webkit|css|\d)/.test(name));
      return [
        ["width", "lineHeight", "marginTop", "zIndex", "initialLetter", "WebkitLineClamp", "--x"].map(show),
        names.filter((name) => takesOne(name) && show(name) === ""),
      ];
    });
    assert.deepEqual(shown, ["3px", "3", "3px", "3", "3", "3", "3"]);
    assert.deepEqual(lost, []);
  });
});
