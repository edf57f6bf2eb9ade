import { Fragment, isVNode, type JSXNode } from "./vnode.js";

/** The kinds of nodes that a host must distinguish. */
export type NodeKind = "empty" | "text" | "list" | "element" | "component" | "promise" | "invalid";

/** Returns the kind of a node. Functions, symbols and plain objects are `invalid`. */
export function nodeKind(node: JSXNode): NodeKind {
  if (node === undefined || node === null || typeof node === "boolean") return "empty";
  if (typeof node !== "object")
    return typeof node === "function" || typeof node === "symbol" ? "invalid" : "text";
  if (isVNode(node)) {
    if (typeof node.type === "string") return "element";
    return node.type === Fragment ? "list" : "component";
  }
  if (Symbol.iterator in node) return "list";
  return typeof (node as PromiseLike<unknown>).then === "function" ? "promise" : "invalid";
}

/** Returns an array of the nodes in an iterable or in the children of an element. */
export function toNodeList(node: JSXNode): readonly JSXNode[] {
  if (Array.isArray(node)) return node;
  if (nodeKind(node) !== "list") return node === undefined ? [] : [node];
  return isVNode(node) ? toNodeList(node.children) : [...(node as Iterable<JSXNode>)];
}
