/** @jsxRuntime automatic */
/** @jsxImportSource @miqro/jsx */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Fragment, isVNode, type JSXNode } from "@miqro/jsx";
import { jsxDEV } from "@miqro/jsx/jsx-dev-runtime";

function Named(props: { readonly name: string; readonly children?: JSXNode }): JSXNode {
  return props.children;
}

describe("the automatic transform", () => {
  it("makes the same vnodes as the classic one", () => {
    const node = (
      <ul class="x">
        <li key="a">1</li>
        <li>2</li>
      </ul>
    );
    assert.ok(isVNode(node));
    const items = node.children as readonly JSXNode[];
    assert.equal(isVNode(items[0]) && items[0].key, "a");
    assert.equal((<>x</>).type, Fragment);
  });

  it("keeps the props of a component by reference, children among them", () => {
    const props = { name: "n" };
    const node = jsxDEV(Named, props, "k");
    assert.equal(node.props, props);
    assert.equal(node.key, "k");
    assert.equal((<Named name="n">in</Named>).props.children, "in");
  });
});
