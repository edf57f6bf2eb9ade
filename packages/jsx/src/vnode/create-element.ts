import { JSXError } from "../errors.js";
import { forPage } from "../for-page.js";
import {
  createVNode,
  Fragment,
  type JSXNode,
  type Key,
  type Props,
  type VNode,
  type VNodeType,
} from "./vnode.js";

function checkType(type: unknown): void {
  if (forPage || typeof type === "string" || typeof type === "function" || type === Fragment) return;
  throw new JSXError("invalid_type", type === null ? type : typeof type);
}

/** Reads an own property: a polluted `Object.prototype` must not reach the page. */
function own(props: Props | null | undefined, name: string): unknown {
  return props?.[name] !== undefined && Object.hasOwn(props, name) ? props[name] : undefined;
}

/** A component sees its children in its props, and not its key. */
function componentProps(props: Props | null | undefined, key: unknown, children: JSXNode): Props {
  // Both ways are much faster than to destructure the rest.
  if (key === undefined) return children === undefined ? { ...props } : { ...props, children };
  const copy: Record<string, unknown> = {};
  for (const name in props) if (name !== "key" && Object.hasOwn(props, name)) copy[name] = props[name];
  if (children !== undefined) copy.children = children;
  return copy;
}

/**
 * Makes a vnode: what the classic JSX transform calls.
 *
 * @param type the tag, the component or `Fragment`
 * @param props attributes, listeners, `key` and `ref`; `null` for none
 * @param children the nodes inside; where there are none, `props.children` counts
 * @throws JSXError `invalid_type` when the type is something else, such as a missing import
 */
export function createElement(type: VNodeType, props?: Props | null, ...children: readonly JSXNode[]): VNode {
  checkType(type);
  const given = children.length > 1 ? children : children[0];
  const inside = children.length > 0 ? given : (own(props, "children") as JSXNode);
  const key = own(props, "key") as Key | undefined;
  const copies = typeof type === "function" && (key !== undefined || children.length > 0);
  return createVNode(type, copies ? componentProps(props, key, inside) : props, key, inside);
}

/**
 * Makes a vnode: what the automatic JSX transform calls, through `@miqro/jsx/jsx-runtime`.
 *
 * @param type the tag, the component or `Fragment`
 * @param props attributes, listeners and `children`
 * @param key what identifies the node among its siblings
 * @throws JSXError `invalid_type` when the type is something else, such as a missing import
 */
export function jsx(type: VNodeType, props: Props, key?: Key): VNode {
  checkType(type);
  return createVNode(type, props, key, own(props, "children") as JSXNode);
}
