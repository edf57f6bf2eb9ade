import type { JSX as Types } from "../types/jsx-namespace.js";
import { createElement } from "./create-element.js";
import { Fragment } from "./vnode.js";

/** The factory of the classic JSX transform: `JSX.createElement` and `JSX.Fragment`. */
export const JSX: { readonly createElement: typeof createElement; readonly Fragment: typeof Fragment } = {
  createElement,
  Fragment,
};

/** The compiler reads the types of JSX from the namespace `JSX` of the factory. */
export declare namespace JSX {
  namespace JSX {
    type ElementType = Types.ElementType;
    type LibraryManagedAttributes<Type, GivenProps> = Types.LibraryManagedAttributes<Type, GivenProps>;
    interface Element extends Types.Element {}
    interface ElementChildrenAttribute extends Types.ElementChildrenAttribute {}
    interface IntrinsicAttributes extends Types.IntrinsicAttributes {}
    interface IntrinsicElements extends Types.IntrinsicElements {}
  }
}
