import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  createElement as h,
  type JSXNode,
  Link,
  Router,
  useEffect,
  useErrorBoundary,
  usePathname,
  useQuery,
  useRef,
  useRuntime,
  useState,
  useSyncExternalStore,
} from "@miqro/jsx";
import { createNodeRuntime, JSXNodeError, renderToString } from "@miqro/jsx-node";

function open(url = "/", basePath?: string) {
  const runtime = createNodeRuntime({ url, basePath });
  const root = runtime.createElement("div");
  return { runtime, root, container: runtime.createContainer(root) };
}

describe("createNodeRuntime", () => {
  it("shows components, keeps their state through events and cleans up", async () => {
    const { root, container } = open();
    const log: string[] = [];
    function Counter({ initial }: { initial: number }): JSXNode {
      const [n, setN] = useState(initial);
      const button = useRef<unknown>();
      useEffect(() => {
        log.push(`in ${button.current !== undefined}`);
        return () => log.push("out");
      }, []);
      return h("button", { id: "b", class: "x y", ref: button, onClick: () => setN(n + 1) }, "count: ", n);
    }
    container.render(h(Counter, { initial: 0 }));
    assert.equal(root.innerHTML, '<button id="b" class="x y">count: 0</button>');
    root.querySelector("button.x#b")?.click();
    assert.equal(root.textContent, "count: 1");
    container.render(h(Counter, { initial: 5 }));
    assert.equal(root.textContent, "count: 1");
    container.disconnect();
    assert.deepEqual([root.innerHTML, log], ["", ["in true", "out"]]);
  });

  it("keeps state by key, and updates later by itself", async () => {
    const { root, container } = open();
    const Item = ({ id }: { id: number }) => `${useState(id)[0]}`;
    const list = (ids: number[]) =>
      h(
        "p",
        null,
        ids.map((id) => h(Item, { key: id % 10, id })),
      );
    container.render(list([1, 2, 3]));
    container.render(list([13, 11, 14]));
    assert.equal(root.textContent, "3114");
    let set: (value: string) => void = () => {};
    const Later = () => {
      const [text, setText] = useState("a");
      set = setText;
      return text;
    };
    container.render(h(Later));
    set("b");
    await null;
    assert.equal(root.textContent, "b");
  });

  it("finds elements by id, lets events bubble and prints HTML with indentation", () => {
    const { runtime, root, container } = open();
    const seen: unknown[] = [];
    container.render(
      h("ul", { onClick: (event: { target: { id: string } }) => seen.push(event.target.id) }, [
        h("li", { id: "one", key: 1 }, "x ", h("b", null, "y")),
        h("li", { key: 2 }),
      ]),
    );
    runtime.getElementById("one")?.click();
    assert.deepEqual(seen, ["one"]);
    assert.equal(
      root.children[0]?.toString(),
      ["<ul>", '  <li id="one">x <b>y</b></li>', "  <li></li>", "</ul>"].join("\n"),
    );
  });

  it("tells attributes as HTML has them", () => {
    const { root, container } = open();
    const style = { color: "red", width: 1 };
    container.render(
      h("p", {
        className: "a b",
        style,
        "aria-hidden": false,
        hidden: false,
        tabIndex: 0,
        onClick: () => {},
      }),
    );
    const found = root.querySelector("p.b");
    const names = ["class", "style", "aria-hidden", "hidden", "tabindex", "onclick", "className"];
    assert.deepEqual(
      names.map((name) => found?.getAttribute(name)),
      ["a b", "color:red;width:1px", "false", null, "0", null, null],
    );
  });

  it("finds elements by selectors, and refuses those that it does not know", () => {
    const { root, container } = open();
    container.render([
      h("ul", { id: "list" }, h("li", { title: "x y" }, h("b", { class: "z" })), h("li")),
      h("li", { "data-n": 1 }),
      h("p", { innerHTML: "<i>raw</i>" }),
    ]);
    const count = (selector: string) => root.querySelectorAll(selector).length;
    const counts = {
      "*": 6,
      li: 3,
      "ul li": 2,
      "#list>li": 2,
      "ul > b": 0,
      "ul b.z": 1,
      "ul [title='x y'] , li[data-n=1]": 2,
      '[title="x"]': 0,
      "li[title]": 1,
    };
    for (const [selector, expected] of Object.entries(counts))
      assert.equal(count(selector), expected, selector);
    for (const selector of ["", "li:hover", "ul + li", "> li", "li >", "li,", ".x li:not(b)", "[a^=b]"]) {
      assert.throws(() => count(selector), { code: "JSX_INVALID_SELECTOR" }, selector);
    }
    assert.equal(root.querySelector("p")?.innerHTML, "<i>raw</i>");
  });

  it("calls listeners that capture first, and none of what is disabled", () => {
    const { root, container } = open();
    const log: string[] = [];
    const on = (name: string) => ({
      onClickCapture: () => log.push(`${name} captures`),
      onClick: () => log.push(name),
    });
    container.render(
      h("div", on("div"), h("button", on("button")), h("input", { ...on("input"), disabled: true })),
    );
    root.querySelector("button")?.click();
    root.querySelector("input")?.click();
    assert.deepEqual(log, ["div captures", "button captures", "button", "div"]);
  });

  it("runs no effects when told so, and reports update loops", () => {
    const runtime = createNodeRuntime();
    let ran = 0;
    function Loop(): JSXNode {
      const [n, setN] = useState(0);
      useEffect(() => {
        ran++;
        setN(n + 1);
      });
      return n;
    }
    runtime.createContainer(runtime.createElement("p"), { disableEffects: true }).render(h(Loop));
    assert.equal(ran, 0);
    const looping = runtime.createContainer(runtime.createElement("p"));
    assert.throws(
      () => looping.render(h(Loop)),
      (error) => error instanceof JSXNodeError && error.code === "JSX_UPDATE_LOOP",
    );
  });
});

describe("useErrorBoundary", () => {
  it("shows something else, tries again, and leaves the errors of that to the boundary above", () => {
    const { root, container } = open();
    let fails = true;
    const reported: unknown[] = [];
    const Broken = () => {
      if (fails) throw new Error("no");
      return "fine";
    };
    function Boundary({ children, fallback }: { children?: JSXNode; fallback: JSXNode }): JSXNode {
      const [error, reset] = useErrorBoundary((error) => reported.push(error));
      return error === undefined ? children : h("button", { onClick: reset }, fallback);
    }
    container.render(h(Boundary, { fallback: "sorry" }, h("p", null, h(Broken))));
    assert.equal(root.textContent, "sorry");
    fails = false;
    root.querySelector("button")?.click();
    assert.equal(root.textContent, "fine");
    assert.equal(reported.length, 1);
    fails = true;
    container.render(
      h(Boundary, { key: 1, fallback: "outer" }, h(Boundary, { fallback: h(Broken) }, h(Broken))),
    );
    assert.equal(root.textContent, "outer");
  });

  it("takes errors of effects", () => {
    const { root, container } = open();
    const Broken = () => {
      useEffect(() => {
        throw new Error("effect");
      }, []);
      return "shown";
    };
    const Boundary = () => {
      const [error] = useErrorBoundary();
      return error === undefined ? h(Broken) : String(error);
    };
    container.render(h(Boundary));
    assert.equal(root.textContent, "Error: effect");
  });
});

describe("useSyncExternalStore", () => {
  it("follows a store, also what changed before it subscribed, and stops", () => {
    const { root, container } = open();
    const listeners = new Set<() => void>();
    const store = { value: 1 };
    const subscribe = (listener: () => void) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    };
    const Read = () => useSyncExternalStore(subscribe, () => store.value);
    const Change = () => {
      useEffect(() => {
        store.value = 2;
        for (const listener of listeners) listener();
      }, []);
      return null;
    };
    container.render([h(Read), h(Change)]);
    assert.equal(root.textContent, "2");
    container.disconnect();
    assert.equal(listeners.size, 0);
  });
});

describe("Router, Link, usePathname and useQuery", () => {
  const Post = ({ id }: { id: string }) => h("h1", null, "Post ", id);
  const routes = {
    "/": () => "home",
    "/posts/:id": Post,
    "/files/*": (props: { "*": string }) => `files ${props["*"]}`,
    "*": () => "lost",
  };

  it("show the component of the path, and go elsewhere", () => {
    const { runtime, root, container } = open("/");
    container.render([h(Link, { href: "/posts/a%20b" }, "go"), h(Router, { routes })]);
    assert.equal(root.textContent, "gohome");
    assert.equal(root.querySelector("a")?.click().defaultPrevented, true);
    assert.equal(root.textContent, "goPost a b");
    assert.equal(root.querySelector("a")?.getAttribute("aria-current"), "page");
    for (const [url, text] of [
      ["/files/a/b", "gofiles a/b"],
      ["/posts", "golost"],
      ["/posts/1/2", "golost"],
      ["/posts/%zz", "goPost %zz"],
      ["/posts/x?y#z", "goPost x"],
      ["/", "gohome"],
    ] as const) {
      runtime.navigate(url);
      container.flush();
      assert.equal(root.textContent, text);
    }
  });

  it("leave clicks with a modifier, other targets and other sites to the browser", () => {
    const { root, container } = open("/here");
    container.render([
      h(Link, { href: "/here?x", class: "in" }, "in"),
      h(Link, { href: "https://example.com/" }, "out"),
      h(Link, { href: "//example.com/" }, "out"),
      h(Link, { href: "/there", target: "_blank" }, "blank"),
      h(Link, { href: "/there", download: true }, "file"),
      h(Link, { href: "/there", onClick: (event: Event) => event.preventDefault() }, "own"),
    ]);
    const [inside, ...others] = root.querySelectorAll("a");
    assert.equal(inside?.getAttribute("aria-current"), "page");
    assert.equal(inside?.dispatch("click", { button: 0, ctrlKey: true }).defaultPrevented, false);
    assert.equal(inside?.dispatch("click", { button: 1 }).defaultPrevented, false);
    assert.deepEqual(
      others.map((link) => link.click().defaultPrevented),
      [false, false, false, false, true],
    );
    assert.match(root.innerHTML, /class="in" href="\/here\?x">in/);
  });

  it("know a base path", () => {
    const { runtime, root, container } = open("/app/posts/1", "/app/");
    const Path = () => usePathname();
    container.render([h(Path), h(Link, { href: "/" }, "home"), h(Router, { routes })]);
    assert.equal(root.textContent, "/posts/1homePost 1");
    assert.equal(root.querySelector("a")?.getAttribute("href"), "/app/");
    root.querySelector("a")?.click();
    assert.equal(runtime.url.pathname, "/app/");
    assert.equal(root.textContent, "/homehome");
  });

  it("keep state in the query string", () => {
    const { runtime, root, container } = open("/p?a=1&b=x+y&c=1&c=2&%C3%A9=%zz#h");
    let set: (value: string | readonly string[] | null) => void = () => {};
    function Show(): JSXNode {
      const [a, setA] = useQuery("a", "default");
      const [b] = useQuery("b");
      const [c] = useQuery("c");
      const [e] = useQuery("é");
      set = setA;
      return JSON.stringify([a, b, c, e]);
    }
    container.render(h(Show));
    assert.equal(root.textContent, '["1","x y",["1","2"],"%zz"]');
    set("&=?");
    container.flush();
    assert.equal(runtime.url.search, "?b=x+y&c=1&c=2&%C3%A9=%zz&a=%26%3D%3F");
    assert.equal(runtime.url.hash, "#h");
    assert.match(root.textContent, /^\["&=\?"/);
    set(null);
    container.flush();
    assert.match(root.textContent, /^\["default"/);
    assert.equal(runtime.arrivals, 0);
  });

  it("work in a string with the URL of the request, and say what is missing without it", () => {
    const node = h(Router, { routes });
    assert.match(renderToString(node, { url: "/posts/7?x=1" }), /<h1>Post 7<\/h1>/);
    assert.match(
      renderToString(node, { url: "https://example.com/app/posts/7", basePath: "/app" }),
      /Post 7/,
    );
    assert.throws(() => renderToString(node), /pass \{ url \} to the renderer/);
  });

  it("give the logger and the runtime", () => {
    const lines: unknown[] = [];
    const log = (...values: unknown[]) => lines.push(...values);
    const runtime = createNodeRuntime({ logger: { debug: log, info: log, warn: log, error: log } });
    const Say = () => {
      useRuntime().logger.info("hello");
      return null;
    };
    runtime.createContainer(runtime.createElement("p")).render(h(Say));
    assert.deepEqual(lines, ["hello"]);
  });
});
