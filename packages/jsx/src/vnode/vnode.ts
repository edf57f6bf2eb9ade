/** The key that identifies a node among its siblings. */
export type Key = string | number | bigint;

/** The attributes, properties and listeners of a node, by name. */
export type Props = Readonly<Record<string, unknown>>;

/** A node that is not a promise. `null`, `undefined` and booleans render nothing. */
export type SettledNode = VNode | string | number | bigint | boolean | null | undefined | Iterable<JSXNode>;

/** All values that can be children in JSX. Only a streaming server accepts promises. */
export type JSXNode = SettledNode | PromiseLike<SettledNode>;

/** A function that gets props and returns nodes. The children are the second argument, and also `props.children`. */
// The type of the props is `never`, so that every component is assignable to this type. JSX checks the props where the
// component is used.
export type AnyComponent = (props: never, children: never) => JSXNode | PromiseLike<JSXNode>;

/** A component with props of the type `ComponentProps`. */
export type Component<ComponentProps = Props> = (props: ComponentProps, children?: JSXNode) => JSXNode;

/** The type of a vnode: the tag of an element, a component, or a fragment. */
export type VNodeType = string | AnyComponent;

// With a registered symbol, two copies of this package accept the vnodes of each other. JSON cannot contain a symbol,
// so JSON of a user is never a vnode.
export const brand: symbol = Symbol.for("miqro.vnode");

/** The type of `<>...</>`, which groups nodes without an element. */
// `Fragment` is a registered symbol for the same reason. Its declared type is that of a component, because the compiler
// otherwise refuses `<Fragment key={...}>`.
export const Fragment: (props: { readonly children?: JSXNode }) => JSXNode = Symbol.for(
  "miqro.fragment",
) as never;

/** An immutable description of an element, a component or a fragment. */
export interface VNode {
  readonly brand: symbol;
  readonly type: VNodeType;
  /**
   * The given object of props, or a copy for a component. It is never modified. For elements it may also contain `key`,
   * `ref` and `children`.
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
 * @param props the object of props, which is not copied
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

/** Tells whether a value is a vnode of this package or of another copy of the package. */
export function isVNode(value: unknown): value is VNode {
  return typeof value === "object" && value !== null && (value as VNode).brand === brand;
}
