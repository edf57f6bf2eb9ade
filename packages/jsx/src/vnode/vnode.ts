/** The key that identifies a node among its siblings. */
export type Key = string | number | bigint;

/** The attributes, properties and listeners of a node, by name. */
export type Props = Readonly<Record<string, unknown>>;

/** A node that can be shown at once. `null`, `undefined` and booleans render nothing. */
export type SettledNode = VNode | string | number | bigint | boolean | null | undefined | Iterable<JSXNode>;

/** Every value that can be between two tags. Promises are for servers that wait for them. */
export type JSXNode = SettledNode | PromiseLike<SettledNode>;

/** A function that turns props into nodes. Its children come as the second argument and as `props.children`. */
// The props are `never`, so that components with any props fit this type. JSX checks the props where the component is
// used.
export type AnyComponent = (props: never, children: never) => JSXNode | PromiseLike<JSXNode>;

/** A component that takes props of the type `ComponentProps`. */
export type Component<ComponentProps = Props> = (props: ComponentProps, children?: JSXNode) => JSXNode;

/** The type of a vnode: the tag of an element, a component, or a fragment. */
export type VNodeType = string | AnyComponent;

// The registered symbol lets two copies of this package accept each other's nodes, and JSON cannot contain a symbol.
export const brand: symbol = Symbol.for("miqro.vnode");

/** The type of `<>...</>`: several nodes without an element around them. */
// A symbol, for the same reason. The compiler only accepts `<Fragment key={...}>` if its type is that of a component.
export const Fragment: (props: { readonly children?: JSXNode }) => JSXNode = Symbol.for(
  "miqro.fragment",
) as never;

/** An immutable description of an element, a component or a fragment. */
export interface VNode {
  readonly brand: symbol;
  readonly type: VNodeType;
  /**
   * The object of props that was passed in, or a copy for a component. It is never changed. For elements it may hold
   * `key`, `ref` and `children` too.
   */
  readonly props: Props;
  readonly key: Key | undefined;
  readonly children: JSXNode;
}

/** The props of a node that was made without props. */
export const noProps: Props = Object.freeze({});

/**
 * Makes a vnode.
 *
 * @param type the tag, the component or `Fragment`
 * @param props kept by reference
 * @param key the key that identifies the node among its siblings
 * @param children one node or an array of nodes
 */
export function createVNode(
  type: VNodeType,
  props: Props | null | undefined,
  key: Key | null | undefined,
  children: JSXNode,
): VNode {
  return { brand, type, props: props ?? noProps, key: key ?? undefined, children };
}

/** Tells whether a value is a vnode, made by this copy of the package or by another. */
export function isVNode(value: unknown): value is VNode {
  return typeof value === "object" && value !== null && (value as VNode).brand === brand;
}
