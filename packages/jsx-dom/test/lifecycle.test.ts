import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { openPage, type TestPage } from "./support/page.js";

let opened: TestPage;
before(async () => {
  opened = await openPage();
});
after(() => opened.close());

describe("a state that came back", () => {
  it("renders nothing, and what really changed does", async () => {
    const seen = await opened.page.evaluate(async () => {
      const { createElement: h, useReducer, useRefresh, useState } = jsx;
      let renders = 0;
      // biome-ignore lint/suspicious/noExplicitAny: setters of several states.
      let to: any;
      function Part() {
        const [a, setA] = useState<unknown>(0);
        const [b, setB] = useState<unknown>(Number.NaN);
        const [c, add] = useReducer((sum: number, by: number) => sum + by, 0);
        to = { setA, setB, add, refresh: useRefresh() };
        renders++;
        return `${a} ${b} ${c}`;
      }
      const container = newContainer();
      dom.render(h(Part), container);
      const steps: (() => unknown)[] = [
        () => [to.setA(1), to.setA(0)],
        () => [to.setB(1), to.setB(Number.NaN)],
        () => [to.add(1), to.add(1), to.add(-2)],
        () => [to.setA(1), to.setB(2), to.setA(0), to.setB(Number.NaN)],
        () => [to.setA(1), to.setB(2), to.setA(0)],
        () => [to.setA(3), to.setA(0), to.setA(4)],
        () => [to.setA(0), to.setA(4), to.refresh()],
        () => to.refresh(),
        () => [to.setA(-0), to.setA(0), to.setA(-0)],
      ];
      const counts: unknown[] = [];
      for (const step of steps) {
        renders = 0;
        step();
        await settled();
        counts.push(renders);
      }
      return [counts, container.textContent];
    });
    assert.deepEqual(seen, [[0, 0, 0, 0, 1, 1, 1, 1, 1], "0 2 0"]);
  });

  it("ends the turns of a provider whose consumers come and go", async () => {
    const seen = await opened.page.evaluate(async () => {
      const { createContext, createElement: h, useContext, useEffect, useState } = jsx;
      const Count = createContext<{ setCount: (update: (before: number) => number) => void }>({
        setCount() {},
      });
      let renders = 0;
      const Reader = () => {
        const context = useContext(Count);
        useEffect(() => {
          context.setCount((before) => before + 1);
          return () => context.setCount((before) => before - 1);
        }, [context]);
        return null;
      };
      const App = ({ readers }: { readers: number }) => {
        const [, setCount] = useState(0);
        renders++;
        return h(
          Count,
          { value: { setCount } },
          Array.from({ length: readers }, (_, key) => h(Reader, { key })),
        );
      };
      const container = newContainer();
      for (const readers of [1, 3, 0]) {
        dom.render(h(App, { readers }), container);
        await painted();
        await painted();
      }
      dom.render(null, container);
      return [renders < 20, reported.splice(0)];
    });
    assert.deepEqual(seen, [true, []]);
  });
});

describe("a child", () => {
  const results: readonly string[] = [
    "h(Child)",
    "[h(Child)]",
    "[h(Child), h('b')]",
    "h(Fragment, null, h(Child))",
    "h(Fragment, null, h(Child), 'text')",
    "h(Fragment, null, [h(Child)][0], null)",
    "new Set([h(Child)])",
  ];
  it("keeps its state and its nodes whatever begins with it, and not under another key", async () => {
    const seen = await opened.page.evaluate(async (results) => {
      const { createElement: h, Fragment, useState } = jsx;
      const Child = () => {
        const [n, setN] = useState(0);
        return h("button", { onClick: () => setN(n + 1) }, n);
      };
      const make = (text: string) =>
        new globalThis.Function("h", "Child", "Fragment", `return ${text}`)(h, Child, Fragment);
      const Parent = ({ text }: { text: string }) => make(text);
      const lost: string[] = [];
      for (const [place, show] of [
        ["component", (text: string) => h(Parent, { text })],
        ["element", (text: string) => h("p", null, make(text))],
      ] as const) {
        for (const from of results) {
          for (const to of results) {
            const container = newContainer();
            dom.render(show(from), container);
            const button = container.querySelector("button");
            button?.click();
            await settled();
            dom.render(show(to), container);
            if (button !== container.querySelector("button") || button?.textContent !== "1")
              lost.push(`${place}: ${from} ${to}`);
            container.remove();
          }
        }
      }
      const Keyed = ({ name }: { name: string }) => h(Fragment, { key: name }, h(Child));
      const kept = [h(Keyed, { name: "a" }), h("p", null, h(Fragment, { key: "a" }, h(Child)))].map(
        (node, index) => {
          const container = newContainer();
          dom.render(node, container);
          const button = container.querySelector("button");
          dom.render(
            [h(Keyed, { name: "b" }), h("p", null, h(Fragment, { key: "b" }, h(Child)))][index],
            container,
          );
          return button === container.querySelector("button");
        },
      );
      return [lost, kept];
    }, results);
    assert.deepEqual(seen, [[], [false, false]]);
  });
});

describe("the cleanups of a commit", () => {
  for (const hook of ["useEffect", "useLayoutEffect"] as const) {
    it(`all run before its first ${hook}`, async () => {
      const log = await opened.page.evaluate(async (hook) => {
        const { createElement: h } = jsx;
        const log: string[] = [];
        const Part = ({ name, turn, children }: { name: string; turn: number; children?: never }) => {
          for (const step of [1, 2]) {
            jsx[hook](() => {
              log.push(`${name}${step} ${turn}`);
              return () => log.push(`${name}${step} off`);
            }, [turn]);
          }
          return h("i", null, children);
        };
        const container = newContainer();
        const show = (turn: number, last: boolean) =>
          dom.render(
            [
              h(Part, { name: "a", turn }, h(Part, { name: "b", turn })),
              last && h(Part, { name: "c", turn }),
            ],
            container,
          );
        show(1, true);
        await painted();
        log.length = 0;
        show(2, false);
        await painted();
        return log;
      }, hook);
      const off = ["c1 off", "c2 off", "b1 off", "b2 off", "a1 off", "a2 off"];
      assert.deepEqual(log, [...off, "b1 2", "b2 2", "a1 2", "a2 2"]);
    });
  }

  it("have their errors reported, also where their boundary leaves with them", async () => {
    const seen = await opened.page.evaluate(async () => {
      const { createElement: h, useEffect, useErrorBoundary } = jsx;
      const taken: string[] = [];
      const Boundary = ({ name, children }: { name: string; children?: never }) => {
        useErrorBoundary((error) => taken.push(`${name}: ${error}`));
        return children;
      };
      const Part = ({ name }: { name: string }) => {
        useEffect(
          () => () => {
            throw new RangeError(name);
          },
          [],
        );
        return null;
      };
      const container = newContainer();
      dom.render(h(Boundary, { name: "in" }, h(Part, { name: "a" })), container);
      await painted();
      let alone = "";
      try {
        dom.render(null, container);
      } catch (error) {
        alone = String(error);
      }
      dom.render(
        h(
          Boundary,
          { name: "out" },
          h("p", null, h(Boundary, { name: "in", key: 1 }, h(Part, { name: "b" }))),
        ),
        container,
      );
      await painted();
      dom.render(h(Boundary, { name: "out" }, h("p")), container);
      await settled();
      return [taken, alone, reported.splice(0)];
    });
    assert.deepEqual(seen, [["out: RangeError: b"], "RangeError: a", []]);
  });
});

describe("useSyncExternalStore in a page", () => {
  it("gives an error of its snapshot to the boundary, and not to whoever changed the store", async () => {
    const seen = await opened.page.evaluate(async () => {
      const { createElement: h, useErrorBoundary, useSyncExternalStore } = jsx;
      const listeners = new Set<() => void>();
      let value = 1;
      const subscribe = (listener: () => void) => {
        listeners.add(listener);
        return () => listeners.delete(listener);
      };
      const Reader = () =>
        useSyncExternalStore(subscribe, () => {
          if (value > 1) throw new RangeError("too many");
          return value;
        });
      const Boundary = ({ children }: { children?: never }) => {
        const [error] = useErrorBoundary();
        return error ? String(error) : children;
      };
      const container = newContainer();
      dom.render(h(Boundary, null, h(Reader)), container);
      value = 2;
      let thrown = false;
      try {
        for (const listener of listeners) listener();
      } catch {
        thrown = true;
      }
      await settled();
      return [thrown, container.textContent, listeners.size, reported.splice(0)];
    });
    assert.deepEqual(seen, [false, "RangeError: too many", 0, []]);
  });

  it("hydrates with what the server read, and then shows what there is", async () => {
    const seen = await opened.page.evaluate(async () => {
      const { createElement: h, useSyncExternalStore } = jsx;
      const read: string[] = [];
      const Reader = () => {
        const value = useSyncExternalStore(
          () => () => {},
          () => "page",
          () => "server",
        );
        read.push(value);
        return h("b", { title: value }, value);
      };
      const warnings: string[] = [];
      const { warn } = console;
      console.warn = (text) => warnings.push(text);
      const container = newContainer();
      container.innerHTML = '<b title="server">server</b>';
      const node = container.firstChild;
      dom.hydrate(h(Reader), container);
      await settled();
      console.warn = warn;
      dom.define("hydrated-reader", Reader, { shadowInit: false });
      const other = newContainer();
      other.innerHTML = '<hydrated-reader><!--$s1--><b title="server">server</b></hydrated-reader><hr>';
      await settled();
      const third = newContainer();
      dom.render(h(Reader), third);
      return [
        read,
        node === container.firstChild,
        [container, other, third].map(({ textContent }) => textContent),
        warnings,
      ];
    });
    assert.deepEqual(seen, [
      ["server", "page", "server", "page", "page"],
      true,
      ["page", "page", "page"],
      [],
    ]);
  });
});

describe("refs", () => {
  it("that return a function have that called instead when the element leaves or another ref comes", async () => {
    const log = await opened.page.evaluate(() => {
      const { createElement: h } = jsx;
      const log: string[] = [];
      const make = (name: string, returns: boolean) => (element: Element | null) => {
        log.push(`${name} ${element?.localName}`);
        return returns ? () => log.push(`${name} cleaned`) : undefined;
      };
      const [a, b, c] = [make("a", true), make("b", true), make("c", false)];
      const container = newContainer();
      for (const ref of [a, a, b, c, undefined, a]) dom.render(h("p", { ref }), container);
      dom.render(h("i", { ref: b }), container);
      dom.render(null, container);
      return log;
    });
    assert.deepEqual(log, [
      "a p",
      "a cleaned",
      "b p",
      "b cleaned",
      "c p",
      "c undefined",
      "a p",
      "a cleaned",
      "b i",
      "b cleaned",
    ]);
  });
});

describe("a context", () => {
  it("is its own provider, and the same as its Provider", async () => {
    const seen = await opened.page.evaluate(async () => {
      const { createContext, createElement: h, useContext } = jsx;
      const Theme = createContext("none");
      const Reader = () => useContext(Theme);
      const container = newContainer();
      const texts = [
        h(Theme, { value: "a" }, h(Reader)),
        h(Theme.Provider, { value: "b" }, h(Reader)),
        h(Reader),
      ].map((node) => {
        dom.render(node, container);
        return container.textContent;
      });
      dom.render(h(Theme, { value: "a" }, h("p", null, h(Reader))), container);
      dom.render(h(Theme, { value: "c" }, h("p", null, h(Reader))), container);
      await settled();
      return [texts, container.textContent, Theme.Provider === (Theme as unknown), Theme.defaultValue];
    });
    assert.deepEqual(seen, [["a", "b", "none"], "c", true, "none"]);
  });
});

describe("createPortal", () => {
  it("shows nodes elsewhere: they have contexts, boundaries and cleanups of where they are written", async () => {
    const seen = await opened.page.evaluate(async () => {
      const { createContext, createElement: h, useContext, useEffect, useErrorBoundary, useState } = jsx;
      const Theme = createContext("none");
      const log: string[] = [];
      let fail: (fails: boolean) => void = () => {};
      const Inside = () => {
        const [fails, setFails] = useState(false);
        fail = setFails;
        useEffect(() => {
          log.push("in");
          return () => log.push("out");
        }, []);
        if (fails) throw new RangeError("failed");
        return h("b", null, useContext(Theme));
      };
      const Boundary = ({ children }: { children?: never }) => {
        const [error] = useErrorBoundary();
        return error ? String(error) : children;
      };
      const [container, one, two] = [newContainer(), newContainer(), newContainer()];
      one.innerHTML = "<hr>";
      const view = (theme: string, target: HTMLElement) =>
        h(
          Theme,
          { value: theme },
          h(Boundary, null, h("p", null, "text", dom.createPortal([h(Inside), "!"], target), "end")),
        );
      const html = () => [container, one, two].map(({ innerHTML }) => innerHTML).join(" ");
      const shown: string[] = [];
      const show = async (theme: string, target: HTMLElement) => {
        dom.render(view(theme, target), container);
        await painted();
        shown.push(html());
      };
      await show("a", one);
      await show("b", one);
      await show("b", two);
      fail(true);
      await settled();
      shown.push(html());
      dom.render(null, container);
      shown.push(html());
      return [shown, log];
    });
    assert.deepEqual(seen, [
      [
        "<p>textend</p> <hr><b>a</b>! ",
        "<p>textend</p> <hr><b>b</b>! ",
        "<p>textend</p> <hr> <b>b</b>!",
        "RangeError: failed <hr> ",
        " <hr> ",
      ],
      ["in", "out", "in", "out"],
    ]);
  });

  it("keeps several apart, and hydrates with nothing of it on the server", async () => {
    const seen = await opened.page.evaluate(async () => {
      const { createElement: h, useState } = jsx;
      const target = newContainer();
      const container = newContainer();
      container.innerHTML = "<p>a</p><p>b</p>";
      const warnings: string[] = [];
      const { warn } = console;
      console.warn = (text) => warnings.push(text);
      const Part = ({ name }: { name: string }) => {
        const [n, setN] = useState(0);
        return [
          h("p", { key: "p", onClick: () => setN(n + 1) }, name),
          dom.createPortal(h("i", null, name, n), target, name),
          dom.createPortal(n > 0 && h("u", null, name), target, "late"),
        ];
      };
      const kept = container.firstChild;
      dom.hydrate([h(Part, { key: 1, name: "a" }), h(Part, { key: 2, name: "b" })], container);
      const shown = [target.innerHTML];
      (container.firstChild as HTMLElement).click();
      await settled();
      shown.push(target.innerHTML, container.innerHTML);
      console.warn = warn;
      const same = kept === container.firstChild;
      dom.render(null, container);
      return [shown, same, target.innerHTML, warnings];
    });
    assert.deepEqual(seen, [
      ["<i>a0</i><i>b0</i>", "<i>a1</i><i>b0</i><u>a</u>", "<p>a</p><p>b</p>"],
      true,
      "",
      [],
    ]);
  });
});
