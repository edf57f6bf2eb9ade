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

// Servers use the variant that is faster in a loop over the names, the minified files use the short one.
const hasOwn: typeof Object.hasOwn = forPage
  ? Object.hasOwn
  : // biome-ignore lint/suspicious/noPrototypeBuiltins: see above.
    (props, name) => Object.prototype.hasOwnProperty.call(props, name);

function checkType(type: unknown): void {
  if (forPage || typeof type === "string" || typeof type === "function" || type === Fragment) return;
  throw new JSXError("JSX_INVALID_TYPE", type === null ? type : typeof type);
}

// Only the node's own properties count: a polluted `Object.prototype` must not reach the page. There are two functions,
// since reading a property whose name varies is slow.
function ownKey(props: Props): Key | undefined {
  const { key } = props;
  return key !== undefined && hasOwn(props, "key") ? (key as Key) : undefined;
}

function ownChildren(props: Props): JSXNode {
  const { children } = props;
  return children !== undefined && hasOwn(props, "children") ? (children as JSXNode) : undefined;
}

/** A component gets its children in its props, but not its key. */
function componentProps(props: Props, key: unknown, children: JSXNode): Props {
  // Both variants are much faster than destructuring with a rest.
  if (key === undefined) return children === undefined ? { ...props } : { ...props, children };
  const copy: Record<string, unknown> = {};
  for (const name in props) if (name !== "key" && hasOwn(props, name)) copy[name] = props[name];
  if (children !== undefined) copy.children = children;
  return copy;
}

/**
 * Makes a vnode. The classic JSX transform calls this.
 *
 * @param type the tag, the component or `Fragment`
 * @param props attributes, listeners, `key` and `ref`; `null` for none
 * @param children the nodes inside; without any, `props.children` counts
 * @throws JSXError `JSX_INVALID_TYPE` when the type is something else, such as a missing import
 */
export function createElement(type: VNodeType, props?: Props | null, ...children: readonly JSXNode[]): VNode {
  checkType(type);
  const given = props ?? noProps;
  const { length } = children;
  const inside = length > 1 ? children : length ? children[0] : ownChildren(given);
  const key = ownKey(given);
  const copies = typeof type === "function" && (key !== undefined || length > 0);
  // Does not call createVNode, which would check its arguments once more: a server spends much of its time here.
  return {
    brand,
    type,
    props: copies ? componentProps(given, key, inside) : given,
    key: key ?? undefined,
    children: inside,
  };
}

/**
 * Makes a vnode. The automatic JSX transform calls this, through `@miqro/jsx/jsx-runtime`.
 *
 * @param type the tag, the component or `Fragment`
 * @param props attributes, listeners and `children`
 * @param key the key that identifies the node among its siblings
 * @throws JSXError `JSX_INVALID_TYPE` when the type is something else, such as a missing import
 */
export function jsx(type: VNodeType, props: Props, key?: Key): VNode {
  checkType(type);
  const { children } = props;
  // The transform makes a new object for the props. It inherits from Object.prototype, and a comparison takes a tenth
  // of the time of a check for own properties.
  return createVNode(
    type,
    props,
    key,
    children === (Object.prototype as Props).children ? ownChildren(props) : (children as JSXNode),
  );
}
