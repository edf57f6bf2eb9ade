import { Fragment, isVNode, type JSXNode } from "./vnode.js";

/** How a host treats a node. */
export type NodeKind = "empty" | "text" | "list" | "element" | "component" | "promise" | "invalid";

/** Tells how a host treats a node; functions, symbols and plain objects are `invalid`. */
export function nodeKind(node: JSXNode): NodeKind {
  if (node === undefined || node === null || typeof node === "boolean") return "empty";
  if (typeof node === "object") {
    if (isVNode(node)) {
      if (typeof node.type === "string") return "element";
      return node.type === Fragment ? "list" : "component";
    }
    if (Symbol.iterator in node) return "list";
    return "then" in node && typeof node.then === "function" ? "promise" : "invalid";
  }
  return typeof node === "function" || typeof node === "symbol" ? "invalid" : "text";
}

/** The nodes of a list (an array, another iterable, a fragment) or of the children of an element. */
export function toNodeList(node: JSXNode): readonly JSXNode[] {
  if (isVNode(node) && node.type === Fragment) return toNodeList(node.children);
  if (Array.isArray(node)) return node;
  if (typeof node === "object" && node !== null && Symbol.iterator in node) return [...node];
  return node === undefined ? [] : [node];
}
