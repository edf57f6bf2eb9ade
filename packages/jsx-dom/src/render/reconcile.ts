import {
  createInstance,
  disposeInstance,
  type JSXNode,
  nodeKind,
  type Props,
  renderComponent,
  toNodeList,
  type VNode,
} from "@miqro/jsx";
import { JSXDOMError } from "../errors.js";
import { increasingIndices } from "./increasing-indices.js";
import { matchChildren } from "./match-children.js";
import { firstNode, insertPart, nodeAfter, type Part } from "./part.js";
import { afterBatch, collectError, commitLater, dropUpdate } from "./scheduler.js";
import { setProperties } from "./set-properties.js";

const namespaces: Readonly<Record<string, string>> = {
  svg: "http://www.w3.org/2000/svg",
  math: "http://www.w3.org/1998/Math/MathML",
};

function createDOMElement({ type }: VNode, container: Element): Element {
  const inherited = container.localName === "foreignObject" ? undefined : container.namespaceURI;
  const namespace = namespaces[type as string] ?? inherited ?? "http://www.w3.org/1999/xhtml";
  return document.createElementNS(namespace, type as string);
}

function setRef(ref: unknown, element: Element | null): void {
  try {
    if (typeof ref === "function") ref(element);
    else if (ref) (ref as { current: unknown }).current = element;
  } catch (error) {
    collectError(error);
  }
}

/** The HTML that stands in place of children. */
function rawHTML({ innerHTML, dangerouslySetInnerHTML }: Props): unknown {
  return innerHTML ?? (dangerouslySetInnerHTML as { __html?: unknown } | null | undefined)?.__html;
}

/** Makes the part of a node, and its DOM nodes, which are not put anywhere. What fails shows nothing. */
function mount(node: JSXNode, parent: Part, index: number): Part {
  const create = (kind: Part["kind"]): Part => ({
    kind,
    parent,
    index,
    node,
    instance: parent.instance,
    container: parent.dom ?? parent.container,
    children: [],
  });
  try {
    const part = create(nodeKind(node));
    switch (part.kind) {
      case "text":
        part.dom = document.createTextNode(String(node));
        break;
      case "list":
        mountChildren(part, toNodeList(node));
        break;
      case "element":
        part.dom = createDOMElement(node as VNode, part.container as Element);
        showElement(part, {});
        break;
      case "component":
        part.instance = createInstance(parent.instance.host, parent.instance, () => showComponent(part));
        showComponent(part, mountChildren);
        break;
      case "promise":
      case "invalid":
        throw new JSXDOMError("invalid_node", part.kind === "promise" ? part.kind : typeof node);
    }
    return part;
  } catch (error) {
    collectError(error);
    return create("empty");
  }
}

function mountChildren(parent: Part, nodes: readonly JSXNode[]): void {
  parent.children = nodes.map((node, index) => mount(node, parent, index));
}

/** Calls a component and shows what it gives; when it throws, what it showed before stays. */
function showComponent(part: Part, show = reconcileChildren): void {
  const { instance, node } = part;
  dropUpdate(instance);
  let output: JSXNode;
  try {
    output = renderComponent(instance, node as VNode);
  } catch (error) {
    collectError(error);
    return;
  }
  show(part, [output]);
  if (instance.commits) commitLater(instance);
}

/** Brings the element of a part to its node, children first: the value of a `select` depends on them. */
function showElement(part: Part, before: Props): void {
  const { props, children } = part.node as VNode;
  const dom = part.dom as Element;
  const html = rawHTML(props) ?? undefined;
  if (html !== undefined) reconcileChildren(part, []);
  if (html !== rawHTML(before)) dom.innerHTML = String(html ?? "");
  if (html === undefined) reconcileChildren(part, toNodeList(children));
  setProperties(part, before, props);
  if (before.ref === props.ref) return;
  setRef(before.ref, null);
  if (props.ref) afterBatch(() => setRef(props.ref, dom));
}

/** Has a part show another node of the same kind, type and key. */
function update(part: Part, node: JSXNode): void {
  const before = part.node;
  // The same array may hold other nodes than before; a vnode never changes.
  if (before === node && part.kind !== "list") return;
  part.node = node;
  try {
    if (part.kind === "text") (part.dom as Text).data = String(node);
    else if (part.kind === "list") reconcileChildren(part, toNodeList(node));
    else if (part.kind === "element") showElement(part, (before as VNode).props);
    else if (part.kind === "component") showComponent(part);
  } catch (error) {
    collectError(error);
  }
}

/** Ends a part: cleanups run and refs are emptied, also below it; its own nodes go when `detach` is true. */
function remove({ kind, instance, node, dom, children }: Part, detach: boolean): void {
  if (kind === "component") disposeInstance(instance);
  if (kind === "element") setRef((node as VNode).props.ref, null);
  for (const child of children) remove(child, detach && dom === undefined);
  if (detach) (dom as ChildNode | undefined)?.remove();
}

/** Brings the children of a part to a list of nodes: what stays is updated in place, and as few as possible move. */
export function reconcileChildren(parent: Part, nodes: readonly JSXNode[]): void {
  const old = parent.children;
  const sources = matchChildren(old, nodes);
  // The old children stand where they stood until all new ones are there: each finds its place by them.
  const parts = nodes.map((node, index) => {
    const part = old[sources[index] as number];
    if (part === undefined) return mount(node, parent, index);
    update(part, node);
    return part;
  });
  const kept = new Set(sources);
  for (const part of old) if (!kept.has(part.index)) remove(part, true);

  const staying = increasingIndices(sources);
  let before = nodeAfter(parent);
  parent.children = parts;
  for (let index = parts.length - 1; index >= 0; index--) {
    const part = parts[index] as Part;
    part.index = index;
    if (!staying.has(index)) insertPart(part, before);
    before = firstNode(part) ?? before;
  }
}
