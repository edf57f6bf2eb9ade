import type { AnyComponent, JSXNode, Key, VNode } from "../vnode/vnode.js";
import type { IntrinsicElements as Elements } from "./attributes.js";

/** The types that the compiler looks up for JSX. */
export declare namespace JSX {
  /** The types of a JSX element: tags and components. */
  type ElementType = keyof IntrinsicElements | AnyComponent;
  /** The type of `<a />`. */
  interface Element extends VNode {}
  interface ElementChildrenAttribute {
    children: unknown;
  }
  /** The props of every component. */
  interface IntrinsicAttributes {
    key?: Key | null | undefined;
  }
  /** Allows children for a component that takes them as its second argument. */
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
