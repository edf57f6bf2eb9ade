import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  commitInstance,
  createContext,
  createElement,
  createInstance,
  failInstance,
  JSXError,
  type JSXNode,
  renderComponent,
  useCallback,
  useContext,
  useEffect,
  useElement,
  useId,
  useLayoutEffect,
  useMemo,
  useReducer,
  useRef,
  useRefresh,
  useState,
} from "@miqro/jsx";
import { createTestHost, mountComponent } from "./support/test-host.js";

const hasCode = (code: string) => (error: unknown) => error instanceof JSXError && error.code === code;

describe("useState", () => {
  it("begins once, lazily, and keeps what was set", () => {
    const { root, updates } = createTestHost();
    let begun = 0;
    let set: (value: number | ((before: number) => number)) => void = () => {};
    const counter = mountComponent(root, () => {
      const [count, setCount] = useState(() => ++begun);
      set = setCount;
      return count;
    });
    assert.equal(counter.render(), 1);
    set((before) => before + 1);
    set((before) => before + 1);
    assert.deepEqual(new Set(updates), new Set([counter.instance]));
    assert.equal(counter.render(), 3);
    assert.equal(begun, 1);
  });

  it("asks for no render when the state stays the same or the component is gone", () => {
    const { root, updates } = createTestHost();
    let set: (value: number) => void = () => {};
    const counter = mountComponent(root, () => {
      const [count, setCount] = useState(Number.NaN);
      set = setCount;
      return count;
    });
    counter.render();
    set(Number.NaN);
    counter.dispose();
    set(1);
    assert.equal(updates.length, 0);
  });

  it("renders again at once when the state changes during the render", () => {
    const { root, updates } = createTestHost();
    const clamped = mountComponent(root, () => {
      const [count, setCount] = useState(0);
      if (count < 3) setCount(count + 1);
      return count;
    });
    assert.equal(clamped.render(), 3);
    assert.equal(updates.length, 0);
  });

  it("stops a render that changes the state each time", () => {
    const { root } = createTestHost();
    const endless = mountComponent(root, () => {
      const [count, setCount] = useState(0);
      setCount(count + 1);
      return null;
    });
    assert.throws(endless.render, hasCode("JSX_RENDER_LOOP"));
  });
});

describe("the changes of an instance", () => {
  it("are as many as states differ from the last render, and more for all else that asks for one", () => {
    const { root } = createTestHost();
    // biome-ignore lint/suspicious/noExplicitAny: setters of several states.
    let to: any;
    const component = mountComponent(root, () => {
      const [, a] = useState<unknown>("x");
      const [, b] = useState<unknown>(0);
      to = { a, b, refresh: useRefresh() };
      return null;
    });
    component.render();
    const steps: [step: () => unknown, changes: number][] = [
      [() => to.a("y"), 1],
      [() => to.a("z"), 1],
      [() => to.b(1), 2],
      [() => to.a("x"), 1],
      [() => to.b(0), 0],
      [() => to.b(-0), 1],
      [() => to.b(0), 0],
      [() => to.a(() => "x"), 0],
      [() => to.refresh(), 1],
      [() => [to.a("y"), to.a("x")], 1],
      [() => component.render(), 0],
    ];
    for (const [index, [step, changes]] of steps.entries()) {
      step();
      assert.equal(component.instance.changes, changes, `step ${index}`);
    }
  });
});

describe("failInstance", () => {
  it("passes boundaries that are gone, and reports what none takes", () => {
    const { host, root, errors } = createTestHost();
    const taken: unknown[] = [];
    const boundary = (parent: typeof root, name: string) => {
      const instance = createInstance(host, parent);
      instance.catches = (error) => taken.push(`${name}: ${error}`) > 0;
      return instance;
    };
    const outer = boundary(root, "outer");
    const inner = boundary(outer, "inner");
    const leaf = createInstance(host, inner);
    failInstance(leaf, "a");
    inner.disposed = true;
    failInstance(leaf, "b");
    outer.disposed = true;
    failInstance(leaf, "c");
    assert.deepEqual([taken, errors], [["inner: a", "outer: b"], ["c"]]);
  });
});

describe("useReducer", () => {
  it("uses the reducer of the last render", () => {
    const { root } = createTestHost();
    let factor = 1;
    let add: (by: number) => void = () => {};
    const sum = mountComponent(root, () => {
      const [total, dispatch] = useReducer((before: number, by: number) => before + by * factor, "2", Number);
      add = dispatch;
      return total;
    });
    assert.equal(sum.render(), 2);
    factor = 10;
    sum.render();
    add(1);
    assert.equal(sum.render(), 12);
  });
});

describe("useEffect and useLayoutEffect", () => {
  it("run after the render, layout first, and clean up before they run again and at the end", () => {
    const { root } = createTestHost();
    const log: string[] = [];
    let value = 1;
    const component = mountComponent(root, () => {
      useEffect(() => {
        log.push(`effect ${value}`);
        return () => log.push("clean effect");
      }, [value]);
      useLayoutEffect(() => {
        log.push("layout");
        return () => log.push("clean layout");
      }, []);
      return null;
    });
    component.render();
    assert.deepEqual(log.splice(0), []);
    component.commit();
    assert.deepEqual(log.splice(0), ["layout", "effect 1"]);
    component.render();
    component.commit();
    assert.deepEqual(log.splice(0), []);
    value = 2;
    component.render();
    component.commit();
    assert.deepEqual(log.splice(0), ["clean effect", "effect 2"]);
    component.dispose();
    component.dispose();
    assert.deepEqual(log, ["clean effect", "clean layout"]);
  });

  it("clean up first, in every hook and component, where a host asks for that", () => {
    const { root } = createTestHost();
    const log: string[] = [];
    let turn = 1;
    const components = ["a", "b"].map((name) =>
      mountComponent(root, () => {
        for (const hook of [useEffect, useLayoutEffect]) {
          hook(() => {
            log.push(`${name} ${turn}`);
            return () => log.push(`${name} off`);
          }, [turn]);
        }
        useEffect(() => () => log.push("never"), []);
        return null;
      }),
    );
    const commit = () => {
      for (const phase of ["layout", "effect"] as const) {
        for (const cleans of [true, false])
          for (const { instance } of components) commitInstance(instance, phase, cleans);
      }
    };
    for (const component of components) component.render();
    commit();
    turn = 2;
    for (const component of components) component.render();
    log.length = 0;
    commit();
    commit();
    const once = ["a off", "b off", "a 2", "b 2"];
    assert.deepEqual(log, [...once, ...once]);
  });

  it("run in a render that was repeated at once", () => {
    const { root } = createTestHost();
    let runs = 0;
    const component = mountComponent(root, () => {
      const [ready, setReady] = useState(false);
      useEffect(() => {
        runs++;
      }, []);
      if (!ready) setReady(true);
      return null;
    });
    component.render();
    component.commit();
    component.render();
    component.commit();
    assert.equal(runs, 1);
  });

  it("report what a cleanup throws, and run the others", () => {
    const { root, errors } = createTestHost();
    let cleaned = false;
    const component = mountComponent(root, () => {
      useEffect(
        () => () => {
          throw new Error("broken cleanup");
        },
        [],
      );
      useEffect(
        () => () => {
          cleaned = true;
        },
        [],
      );
      return null;
    });
    component.render();
    component.commit();
    component.dispose();
    assert.equal(cleaned, true);
    assert.match(String(errors), /broken cleanup/);
  });
});

describe("useMemo, useCallback and useRef", () => {
  it("keep what they hold until a dependency changes", () => {
    const { root } = createTestHost();
    const seen: unknown[][] = [];
    let dependency = 1;
    const component = mountComponent(root, () => {
      seen.push([useMemo(() => ({}), [dependency]), useCallback(() => {}, []), useRef(0)]);
      return null;
    });
    component.render();
    component.render();
    dependency = 2;
    component.render();
    const [first, second, third] = seen as [unknown[], unknown[], unknown[]];
    assert.deepEqual(
      first.map((value, index) => value === second[index]),
      [true, true, true],
    );
    assert.deepEqual(
      second.map((value, index) => value === third[index]),
      [false, true, true],
    );
  });
});

describe("useContext", () => {
  const Theme = createContext("light");

  it("reads the nearest provider above, else the default", () => {
    const { root, host, updates } = createTestHost();
    const read = (): JSXNode => useContext(Theme);
    assert.equal(mountComponent(root, read).render(), "light");

    const provider = createInstance(host, root);
    const provide = (value: string) =>
      renderComponent(provider, createElement(Theme.Provider, { value }, "inside"));
    assert.equal(provide("dark"), "inside");
    const reader = mountComponent(mountComponent(provider, () => null).instance, read);
    assert.equal(reader.render(), "dark");

    provide("dark");
    assert.deepEqual(updates, []);
    provide("blue");
    assert.deepEqual(updates, [reader.instance]);
    assert.equal(reader.render(), "blue");
    reader.dispose();
    provide("red");
    assert.equal(updates.length, 1);
  });
});

describe("useId, useElement and useRefresh", () => {
  it("give ids that differ between components and calls, and stay", () => {
    const { root } = createTestHost();
    const two = () => [useId(), useId()];
    const parent = mountComponent(root, two);
    const child = mountComponent(parent.instance, two);
    const other = mountComponent(root, two);
    const ids = [parent, child, other].flatMap((mounted) => mounted.render() as string[]);
    assert.equal(new Set(ids).size, 6);
    assert.deepEqual(parent.render(), ids.slice(0, 2));
  });

  it("give the host's element, and a render on demand", () => {
    const { root, updates } = createTestHost();
    let refresh = () => {};
    const component = mountComponent(root, () => {
      refresh = useRefresh();
      return useElement<string>();
    });
    assert.equal(component.render(), "the element");
    refresh();
    assert.deepEqual(updates, [component.instance]);
  });
});

describe("the rules of hooks", () => {
  it("are named when a hook is called outside a component", () => {
    assert.throws(() => useState(0), hasCode("JSX_HOOK_OUTSIDE"));
  });

  it("are named when hooks change their order or number", () => {
    const { root } = createTestHost();
    let odd = false;
    const swapping = mountComponent(root, () => {
      if (odd) useRef(0);
      else useState(0);
      return null;
    });
    swapping.render();
    odd = true;
    assert.throws(swapping.render, hasCode("JSX_HOOK_ORDER"));

    const fewer = mountComponent(root, () => {
      useRef(0);
      if (odd) useRef(0);
      return null;
    });
    fewer.render();
    odd = false;
    assert.throws(fewer.render, hasCode("JSX_HOOK_ORDER"));
  });

  it("allow a render after one that threw", () => {
    const { root } = createTestHost();
    let broken = true;
    const component = mountComponent(root, () => {
      useRef(0);
      if (broken) throw new Error("broken");
      useRef(0);
      return "whole";
    });
    assert.throws(component.render, /broken/);
    broken = false;
    assert.equal(component.render(), "whole");
    assert.throws(() => useState(0), hasCode("JSX_HOOK_OUTSIDE"));
  });
});
