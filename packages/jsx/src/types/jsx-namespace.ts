import type { AnyComponent, JSXNode, Key, VNode } from "../vnode/vnode.js";
import type { IntrinsicElements as Elements } from "./attributes.js";

/** What the compiler asks about JSX. */
export declare namespace JSX {
  /** What may stand as the tag. */
  type ElementType = keyof IntrinsicElements | AnyComponent;
  /** What `<a />` gives. */
  interface Element extends VNode {}
  interface ElementChildrenAttribute {
    children: unknown;
  }
  /** What every component takes. */
  interface IntrinsicAttributes {
    key?: Key | null | undefined;
  }
  /** A component that takes its children as the second argument may be given some. */
  type LibraryManagedAttributes<Type, GivenProps> = Type extends (
    props: never,
    children: infer Children,
  ) => unknown
    ? Parameters<Type>["length"] extends 0 | 1
      ? GivenProps
      : GivenProps & { readonly children?: Children | JSXNode }
    : GivenProps;
  interface IntrinsicElements extends Elements {}
}
