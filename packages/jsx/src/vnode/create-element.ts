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

// Servers use the variant that is faster in a loop over names. The minified files use the shorter variant.
const hasOwn: typeof Object.hasOwn = forPage
  ? Object.hasOwn
  : // biome-ignore lint/suspicious/noPrototypeBuiltins: see above.
    (props, name) => Object.prototype.hasOwnProperty.call(props, name);

function checkType(type: unknown): void {
  if (forPage || typeof type === "string" || typeof type === "function" || type === Fragment) return;
  throw new JSXError("JSX_INVALID_TYPE", type === null ? type : typeof type);
}

// Reads only own properties, so that a polluted `Object.prototype` has no effect. There are two functions, because
// reading a property with a variable name is slow.
function ownKey(props: Props): Key | undefined {
  return props.key !== undefined && hasOwn(props, "key") ? (props.key as Key) : undefined;
}

function ownChildren(props: Props): JSXNode {
  return props.children !== undefined && hasOwn(props, "children") ? (props.children as JSXNode) : undefined;
}

/** Makes the props of a component. They contain the children, but not the key. */
function componentProps(props: Props, key: unknown, children: JSXNode): Props {
  // The spread and the loop are both much faster than destructuring with a rest element.
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
 * @param children the nodes inside; if there are none, `props.children` is used
 * @throws JSXError `JSX_INVALID_TYPE` if the type is invalid, mostly because of a wrong import
 */
export function createElement(type: VNodeType, props?: Props | null, ...children: readonly JSXNode[]): VNode {
  checkType(type);
  const given = props ?? noProps;
  const inside = children.length > 1 ? children : children.length ? children[0] : ownChildren(given);
  const key = ownKey(given);
  const copies = typeof type === "function" && (key !== undefined || children.length > 0);
  // Does not call createVNode, which would check the arguments again. A server spends much of its time in this
  // function.
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
 * @throws JSXError `JSX_INVALID_TYPE` if the type is invalid, mostly because of a wrong import
 */
export function jsx(type: VNodeType, props: Props, key?: Key): VNode {
  checkType(type);
  const { children } = props;
  // The transform creates the props as a plain object. If `children` equals the inherited property of Object.prototype,
  // it may not be an own property. This comparison takes a tenth of the time of `hasOwn`.
  return createVNode(
    type,
    props,
    key,
    children === (Object.prototype as Props).children ? ownChildren(props) : (children as JSXNode),
  );
}
