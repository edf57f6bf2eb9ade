import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { createElement as h } from "@miqro/jsx";
import { renderToString } from "@miqro/jsx-node";
import { openPage, type TestPage } from "./support/page.js";

declare global {
  var ran: string[];
}

let opened: TestPage;
before(async () => {
  opened = await openPage();
});
after(() => opened.close());

describe("new nodes", () => {
  it("come from the first to the last, and each is complete: scripts, custom elements and options", async () => {
    const seen = await opened.page.evaluate(() => {
      const { createElement: h, Fragment } = jsx;
      globalThis.ran = [];
      customElements.define(
        "ordered-element",
        class extends HTMLElement {
          connectedCallback() {
            const field = this.querySelector("input, select") as HTMLInputElement | null;
            ran.push(`${this.id}${this.title} ${this.textContent} ${field?.value}`);
          }
        },
      );
      const container = newContainer();
      const script = (name: string) => h("script", { key: name }, `ran.push("${name}")`);
      const select = h("select", { value: "y" }, h("option", null, "x"), h("option", null, "y"));
      const Part = ({ id }: { id: string }) => [
        script(`${id}1`),
        h("ordered-element", { id, title: "!" }, "t", h("input", { value: id })),
        script(`${id}2`),
      ];
      dom.render(
        [h(Part, { key: "a", id: "a" }), h(Fragment, { key: "f" }, script("b"), script("c"))],
        container,
      );
      const first = ran.splice(0);
      dom.render(
        [
          h(Part, { key: "z", id: "z" }),
          h(Part, { key: "a", id: "a" }),
          h(Fragment, { key: "n" }, script("n"), h("ordered-element", { id: "s" }, select), script("o")),
          h(Fragment, { key: "f" }, script("b"), script("c")),
        ],
        container,
      );
      return [first, ran.splice(0)];
    });
    assert.deepEqual(seen, [
      ["a1", "a! t a", "a2", "b", "c"],
      ["z1", "z! t z", "z2", "n", "s xy y", "o"],
    ]);
  });

  it("leave a select as the browser would have it, however its options come", async () => {
    const seen = await opened.page.evaluate(async () => {
      const { createElement: h, useState } = jsx;
      let set: (names: string[]) => void = () => {};
      const Options = () => {
        const [names, setNames] = useState<string[]>([]);
        set = setNames;
        return names.map((name) => h("option", { key: name, defaultSelected: name === "s" }, name));
      };
      const values: string[] = [];
      for (const names of [["a", "b", "c"], ["a", "s", "c"], ["a"], []]) {
        const container = newContainer();
        dom.render(h("select", null, h(Options)), container);
        set(names);
        await settled();
        values.push((container.firstChild as HTMLSelectElement).value);
      }
      return values;
    });
    assert.deepEqual(seen, ["a", "s", "a", ""]);
  });
});

describe("a template", () => {
  const view = (create: typeof h, name: string, count: number) =>
    create(
      "div",
      null,
      create(
        "template",
        { id: "t" },
        "a",
        create("p", { class: name }, name),
        create(
          "table",
          null,
          create(
            "tbody",
            null,
            Array.from({ length: count }, (_, key) => create("tr", { key }, create("td", null, key))),
          ),
        ),
        create("template", null, create("b", null, "inner")),
        create("templated-element"),
      ),
    );

  it("has its children in its content: rendered, changed, hydrated and removed", async () => {
    const html = renderToString(view(h, "one", 2));
    const seen = await opened.page.evaluate(
      ([html, source]) => {
        let connected = 0;
        customElements.define(
          "templated-element",
          class extends HTMLElement {
            constructor() {
              super();
              connected++;
            }
          },
        );
        const view = new globalThis.Function(`return ${source}`)() as (...given: unknown[]) => never;
        const { createElement: h } = jsx;
        const warnings: string[] = [];
        const { warn } = console;
        console.warn = (text) => warnings.push(text);
        const [rendered, hydrated] = [newContainer(), newContainer()];
        hydrated.innerHTML = html;
        const kept = hydrated.querySelector("template")?.content.querySelector("p");
        dom.hydrate(view(h, "one", 2), hydrated);
        dom.render(view(h, "one", 2), rendered);
        const seen = [rendered, hydrated].map(({ innerHTML }) => innerHTML);
        const same = kept === hydrated.querySelector("template")?.content.querySelector("p");
        for (const container of [rendered, hydrated]) {
          dom.render(view(h, "two", 3), container);
          seen.push(container.innerHTML);
        }
        const template = rendered.querySelector("template") as HTMLTemplateElement;
        const found = [
          rendered.querySelectorAll("p").length,
          template.childNodes.length,
          template.content.childNodes.length,
        ];
        dom.render(h("div", null, h("template", { id: "t" })), rendered);
        console.warn = warn;
        return { seen, same, found, warnings, connected, last: rendered.innerHTML };
      },
      [html, view.toString()] as const,
    );
    const two = renderToString(view(h, "two", 3));
    assert.deepEqual(seen, {
      seen: [html, html, two, two],
      same: true,
      found: [0, 0, 5],
      warnings: [],
      connected: 0,
      last: '<div><template id="t"></template></div>',
    });
  });
});

describe("an element", () => {
  const trees: readonly [name: string, html: string][] = [
    ["HTML", "<div><p>a</p><title>t</title></div>"],
    ["SVG", '<svg viewBox="0 0 1 1"><g><path d=""></path><a href="#"><text>t</text></a></g></svg>'],
    [
      "SVG in foreignObject",
      "<svg><foreignObject><div><svg><g></g></svg></div><p></p></foreignObject><g></g></svg>",
    ],
    ["HTML in desc", "<svg><desc><p>a</p><b>b</b></desc><g></g></svg>"],
    ["HTML in title", "<svg><title><i>a</i></title><g><title><b></b></title></g></svg>"],
    ["SVG in desc", "<svg><desc><svg><g></g></svg></desc></svg>"],
    ["MathML", "<math><mrow><mfrac><mi>a</mi><mn>1</mn></mfrac></mrow></math>"],
    ["HTML in mi", "<math><mi><b>a</b></mi></math>"],
    ["HTML in mo", "<math><mo><b>a</b></mo></math>"],
    ["HTML in mn", "<math><mn><b>a</b></mn></math>"],
    ["HTML in ms", "<math><ms><b>a</b></ms></math>"],
    ["HTML in mtext", "<math><mtext><input><span><i></i></span></mtext></math>"],
    ["mglyph in mtext", "<math><mtext><mglyph></mglyph><malignmark></malignmark><b></b></mtext></math>"],
    ["SVG in mtext", "<math><mtext><svg><g></g></svg></mtext></math>"],
    ["MathML in mtext", "<math><mtext><math><mi></mi></math></mtext></math>"],
    ["MathML in foreignObject", "<svg><foreignObject><math><mi></mi></math></foreignObject></svg>"],
    [
      "an annotation in HTML",
      '<math><annotation-xml encoding="text/html"><p><b></b></p></annotation-xml></math>',
    ],
    [
      "an annotation in XHTML",
      '<math><annotation-xml encoding="application/xhtml+xml"><p></p></annotation-xml></math>',
    ],
    [
      "an annotation in MathML",
      '<math><annotation-xml encoding="MathML-Content"><mi></mi></annotation-xml></math>',
    ],
    ["an annotation in SVG", "<math><annotation-xml><svg><g></g></svg></annotation-xml></math>"],
    ["math in SVG", "<svg><math><mi></mi></math></svg>"],
    ["svg in SVG", "<svg><svg><g></g></svg></svg>"],
    ["svg in MathML", "<math><svg><g></g></svg></math>"],
    ["a script in SVG", "<svg><script></script><style></style></svg>"],
    ["a template in HTML", "<div><template><svg><desc><p></p></desc></svg></template></div>"],
  ];
  for (const [name, html] of trees) {
    it(`stands in the namespace that the parser gives it: ${name}`, async () => {
      const [parsed, rendered] = await opened.page.evaluate((html) => {
        const { createElement: h } = jsx;
        const container = newContainer();
        const template = document.createElement("template");
        template.innerHTML = html;
        type Tree = (string | Tree)[];
        const treeOf = (node: Node): Tree =>
          [...(node instanceof HTMLTemplateElement ? node.content : node).childNodes].map((child) =>
            child instanceof Element
              ? [`${child.namespaceURI} ${child.localName}`, ...treeOf(child)]
              : String(child.textContent),
          );
        const toVNode = (node: Node): never =>
          (node instanceof Element
            ? h(
                node.localName,
                Object.fromEntries(
                  [...node.attributes].map((attribute) => [attribute.name, attribute.value]),
                ),
                ...[...(node instanceof HTMLTemplateElement ? node.content : node).childNodes].map(toVNode),
              )
            : String(node.textContent)) as never;
        dom.render([...template.content.childNodes].map(toVNode), container);
        return [treeOf(template), treeOf(container)];
      }, html);
      assert.deepEqual(rendered, parsed);
    });
  }
});
