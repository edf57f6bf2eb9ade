import { JSXError } from "../errors.js";
import { forPage } from "../for-page.js";
import {
  brand,
  createVNode,
  Fragment,
  type JSXNode,
  type Key,
  noProps,
  type Props,
  type VNode,
  type VNodeType,
} from "./vnode.js";

// On servers the way that is faster in a loop over the names, in the minified files the short one.
const hasOwn: typeof Object.hasOwn = forPage
  ? Object.hasOwn
  : // biome-ignore lint/suspicious/noPrototypeBuiltins: see above.
    (props, name) => Object.prototype.hasOwnProperty.call(props, name);

function checkType(type: unknown): void {
  if (forPage || typeof type === "string" || typeof type === "function" || type === Fragment) return;
  throw new JSXError("JSX_INVALID_TYPE", type === null ? type : typeof type);
}

// Only what a node has itself counts: a polluted `Object.prototype` must not reach the page. Two functions, since a
// property whose name varies is found slowly.
function ownKey(props: Props): Key | undefined {
  const { key } = props;
  return key !== undefined && hasOwn(props, "key") ? (key as Key) : undefined;
}

function ownChildren(props: Props): JSXNode {
  const { children } = props;
  return children !== undefined && hasOwn(props, "children") ? (children as JSXNode) : undefined;
}

/** A component sees its children in its props, and not its key. */
function componentProps(props: Props, key: unknown, children: JSXNode): Props {
  // Both ways are much faster than to destructure the rest.
  if (key === undefined) return children === undefined ? { ...props } : { ...props, children };
  const copy: Record<string, unknown> = {};
  for (const name in props) if (name !== "key" && hasOwn(props, name)) copy[name] = props[name];
  if (children !== undefined) copy.children = children;
  return copy;
}

/**
 * Makes a vnode: what the classic JSX transform calls.
 *
 * @param type the tag, the component or `Fragment`
 * @param props attributes, listeners, `key` and `ref`; `null` for none
 * @param children the nodes inside; where there are none, `props.children` counts
 * @throws JSXError `JSX_INVALID_TYPE` when the type is something else, such as a missing import
 */
export function createElement(type: VNodeType, props?: Props | null, ...children: readonly JSXNode[]): VNode {
  checkType(type);
  const given = props ?? noProps;
  const { length } = children;
  const inside = length > 1 ? children : length ? children[0] : ownChildren(given);
  const key = ownKey(given);
  const copies = typeof type === "function" && (key !== undefined || length > 0);
  // Not through createVNode, which has to look at what it is given once more: this is where a server spends its time.
  return {
    brand,
    type,
    props: copies ? componentProps(given, key, inside) : given,
    key: key ?? undefined,
    children: inside,
  };
}

/**
 * Makes a vnode: what the automatic JSX transform calls, through `@miqro/jsx/jsx-runtime`.
 *
 * @param type the tag, the component or `Fragment`
 * @param props attributes, listeners and `children`
 * @param key what identifies the node among its siblings
 * @throws JSXError `JSX_INVALID_TYPE` when the type is something else, such as a missing import
 */
export function jsx(type: VNodeType, props: Props, key?: Key): VNode {
  checkType(type);
  const { children } = props;
  // The transform makes the props anew: they inherit what all objects do, and to compare is a tenth of asking for own ones.
  return createVNode(
    type,
    props,
    key,
    children === (Object.prototype as Props).children ? ownChildren(props) : (children as JSXNode),
  );
}
