import { Fragment, isVNode, type JSXNode } from "./vnode.js";

/** How a host treats a node. */
export type NodeKind = "empty" | "text" | "list" | "element" | "component" | "promise" | "invalid";

/** Tells how a host treats a node; functions, symbols and plain objects are `invalid`. */
export function nodeKind(node: JSXNode): NodeKind {
  switch (typeof node) {
    case "string":
    case "number":
    case "bigint":
      return "text";
    case "undefined":
    case "boolean":
      return "empty";
    case "object":
      if (node === null) return "empty";
      if (isVNode(node)) {
        if (typeof node.type === "string") return "element";
        return node.type === Fragment ? "list" : "component";
      }
      if (Symbol.iterator in node) return "list";
      if ("then" in node && typeof node.then === "function") return "promise";
  }
  return "invalid";
}

/** The nodes of a list (an array, another iterable, a fragment) or of the children of an element. */
export function toNodeList(node: JSXNode): readonly JSXNode[] {
  if (isVNode(node) && node.type === Fragment) return toNodeList(node.children);
  if (Array.isArray(node)) return node;
  if (typeof node === "object" && node !== null && Symbol.iterator in node) return [...node];
  return node === undefined ? [] : [node];
}
