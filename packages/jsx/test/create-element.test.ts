import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createElement, Fragment, isVNode, JSXError, type JSXNode, nodeKind, toNodeList } from "@miqro/jsx";

function Component(): JSXNode {
  return null;
}

describe("createElement", () => {
  it("keeps the props of an element by reference, and its children apart", () => {
    const props = { id: "a", key: 1 };
    const node = createElement("p", props, "x", "y");
    assert.equal(node.props, props);
    assert.equal(node.key, 1);
    assert.deepEqual(node.children, ["x", "y"]);
  });

  it("copies the props of a component only when there is a key or a child", () => {
    const props = { a: 1 };
    assert.equal(createElement(Component, props).props, props);
    assert.deepEqual(createElement(Component, { key: 1, a: 1 }).props, { a: 1 });
    assert.deepEqual(createElement(Component, props, "x").props, { a: 1, children: "x" });
  });

  it("takes children from the props where none follow", () => {
    assert.equal(createElement("p", { children: "x" }).children, "x");
  });

  it("refuses what is no type, as a missing import", () => {
    assert.throws(
      () => createElement(undefined as never),
      (error) =>
        error instanceof JSXError && error.code === "JSX_INVALID_TYPE" && /undefined/.test(error.message),
    );
  });

  it("reads no key and no children that an object inherits", () => {
    const polluted = Object.create({ key: "k", children: "c" });
    const node = createElement("p", polluted);
    assert.equal(node.key, undefined);
    assert.equal(node.children, undefined);
  });

  it("gives a component no props through __proto__", () => {
    const node = createElement(Component, JSON.parse('{"a":1,"__proto__":{"admin":true}}'), "x");
    const { props } = node;
    assert.equal(props.a, 1);
    assert.equal(props.admin, undefined);
  });
});

describe("isVNode", () => {
  it("never takes JSON for a vnode", () => {
    const text = JSON.stringify(createElement("p", null, "x"));
    assert.equal(isVNode(JSON.parse(text)), false);
    assert.equal(isVNode({ brand: "Symbol(miqro.vnode)", type: "p", props: {}, children: [] }), false);
    assert.equal(isVNode(null), false);
  });

  it("accepts the vnodes of another copy of the package", () => {
    assert.ok(
      isVNode({ brand: Symbol.for("miqro.vnode"), type: "p", props: {}, key: undefined, children: null }),
    );
  });
});

describe("nodeKind", () => {
  it("tells kinds apart", () => {
    const kinds = [
      null,
      true,
      "a",
      1,
      1n,
      [],
      new Set<JSXNode>(),
      createElement("p"),
      Promise.resolve(null),
    ].map(nodeKind);
    assert.deepEqual(kinds, ["empty", "empty", "text", "text", "text", "list", "list", "element", "promise"]);
    assert.equal(nodeKind(createElement(Fragment)), "list");
    assert.equal(nodeKind(createElement(Component)), "component");
    for (const value of [{}, () => {}, Symbol("x"), new Date(0)])
      assert.equal(nodeKind(value as never), "invalid");
  });
});

describe("toNodeList", () => {
  it("opens iterables and fragments, and leaves text whole", () => {
    assert.deepEqual(toNodeList(new Set(["a", "b"])), ["a", "b"]);
    assert.deepEqual(toNodeList(createElement(Fragment, null, "ab")), ["ab"]);
    assert.deepEqual(toNodeList(undefined), []);
  });
});
