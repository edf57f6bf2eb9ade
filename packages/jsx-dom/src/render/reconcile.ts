import {
  createInstance,
  disposeInstance,
  failInstance,
  isVNode,
  type JSXNode,
  type Key,
  nodeKind,
  type Props,
  renderComponent,
  toNodeList,
  type VNode,
} from "@miqro/jsx";
import { JSXDOMError } from "../errors.js";
import { claimElement, claimText, hydration, removeUntil } from "./hydration.js";
import { increasingIndices } from "./increasing-indices.js";
import { firstNode, insertPart, nodeAfter, ownerOf, type Part } from "./part.js";
import { afterBatch, collectError, commitLater, dropUpdate } from "./scheduler.js";
import { setProperties } from "./set-properties.js";
import { Slot, slotOf } from "./slot.js";

const none: readonly never[] = [];
const noProps: Props = {};

const namespaces: Readonly<Record<string, string>> = {
  svg: "http://www.w3.org/2000/svg",
  math: "http://www.w3.org/1998/Math/MathML",
};

function createDOMElement(type: string, { is }: Props, container: Element): Element {
  const inherited = container.localName === "foreignObject" ? undefined : container.namespaceURI;
  const namespace = namespaces[type] ?? inherited ?? "http://www.w3.org/1999/xhtml";
  return document.createElementNS(namespace, type, { is: is as string });
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
  const kind = nodeKind(node);
  const part: Part = {
    kind,
    parent,
    index,
    node,
    instance: parent.instance,
    dom: undefined,
    children: none,
    listeners: undefined,
  };
  try {
    if (kind === "text") part.dom = claimText(String(node)) ?? document.createTextNode(String(node));
    else if (kind === "list") mountChildren(part, toNodeList(node));
    else if (kind === "element") mountElement(part, node as VNode);
    else if (kind === "component") {
      part.instance = createInstance(parent.instance.host, parent.instance, () => showComponent(part));
      showComponent(part, mountChildren);
    } else if ((node as unknown) instanceof Slot) {
      const slot = node as unknown as Slot;
      part.dom = slot;
      if (hydration.next === slot.first) hydration.next = slot.nextSibling;
    } else if (kind !== "empty") {
      throw new JSXDOMError("invalid_node", kind === "promise" ? kind : typeof node);
    }
  } catch (error) {
    part.kind = "empty";
    part.dom = undefined;
    failInstance(part.instance, error);
  }
  return part;
}

function mountElement(part: Part, { type, props }: VNode): void {
  const claimed = claimElement(type as string);
  const after = hydration.next;
  const dom = claimed ?? createDOMElement(type as string, props, ownerOf(part).dom as Element);
  part.dom = dom;
  // What a custom element shows in itself is its own; what others give it stands in its slot.
  const slot = claimed && slotOf(claimed);
  hydration.next = slot ? slot.first.nextSibling : claimed?.firstChild;
  showElement(part, noProps, claimed ? reconcileChildren : mountInside);
  hydration.next = after;
}

/** Makes the children of a part; whoever made it puts their nodes somewhere. */
function mountChildren(parent: Part, nodes: readonly JSXNode[]): void {
  parent.children = nodes.map((node, index) => mount(node, parent, index));
}

function mountInside(parent: Part, nodes: readonly JSXNode[]): void {
  mountChildren(parent, nodes);
  for (const child of parent.children) appendPart(child, parent.dom as Node);
}

/** Puts a part at the end of a node that has just been made: nothing can be in the way. */
function appendPart({ dom, children }: Part, container: Node): void {
  if (dom) container.appendChild(dom instanceof Slot ? dom.remove() : dom);
  else for (const child of children) appendPart(child, container);
}

/** Calls a component and shows what it gives; when it throws, what it showed before stays. */
function showComponent(part: Part, show = reconcileChildren): void {
  const { instance, node } = part;
  dropUpdate(instance);
  let output: JSXNode;
  try {
    output = renderComponent(instance, node as VNode);
  } catch (error) {
    failInstance(instance, error);
    return;
  }
  show(part, [output]);
  if (instance.commits) commitLater(instance);
}

/** Brings the element of a part to its node, children first: the value of a `select` depends on them. */
function showElement(part: Part, before: Props, show = reconcileChildren): void {
  const { props, children } = part.node as VNode;
  const dom = part.dom as Element;
  const html = rawHTML(props) ?? undefined;
  const hydrates = hydration.next !== undefined;
  // Without children the content is not ours: the text of a textarea, what a foreign custom element shows.
  if (html !== undefined || children === undefined) hydration.next = undefined;
  if (html !== undefined) reconcileChildren(part, none);
  if (html !== (rawHTML(before) ?? undefined) && !hydrates) dom.innerHTML = String(html ?? "");
  if (html === undefined) show(part, toNodeList(children));
  setProperties(part, before, props, hydrates);
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
    failInstance(part.instance, error);
  }
}

/** Ends a part: cleanups run and refs are emptied, also below it; its own nodes go when `detach` is true. */
function remove({ kind, instance, node, dom, children }: Part, detach: boolean): void {
  if (kind === "component") disposeInstance(instance);
  if (kind === "element") setRef((node as VNode).props.ref, null);
  for (const child of children) remove(child, detach && dom === undefined);
  if (detach) (dom as ChildNode | undefined)?.remove();
}

/** Tells whether a part can go on to show a node: it has the same kind, type and key. */
function canShow(part: Part | undefined, node: JSXNode): boolean {
  if (!part) return false;
  const { kind, node: shown } = part;
  if (isVNode(node)) {
    // What failed shows nothing, whatever it is.
    return kind !== "empty" && isVNode(shown) && shown.type === node.type && shown.key === node.key;
  }
  return !isVNode(shown) && kind === nodeKind(node) && (kind !== "invalid" || shown === node);
}

/**
 * Brings the children of a part to a list of nodes: what stays is updated in place, and as few as possible move. While
 * hydrating, new ones take the nodes that are there.
 */
export function reconcileChildren(parent: Part, nodes: readonly JSXNode[]): void {
  const old = parent.children;
  let start = 0;
  let end = nodes.length;
  let oldEnd = old.length;
  for (; start < end && canShow(old[start], nodes[start]); start++) update(old[start] as Part, nodes[start]);
  // In most renders that was all.
  if (start === end && start === oldEnd && hydration.next === undefined) return;
  while (oldEnd > start && end > start && canShow(old[oldEnd - 1], nodes[end - 1])) {
    oldEnd--;
    end--;
  }

  // Between the children that are the same at the beginning and at the end, a key finds its part, or else the place.
  const byKey = new Map<Key | undefined, number>();
  for (let place = start; place < oldEnd && start < end; place++) {
    const { node } = old[place] as Part;
    if (isVNode(node)) byKey.set(node.key, place);
  }
  const sources: number[] = [];
  // The old children stand where they stood until all new ones are there: each finds its place by them.
  const parts = nodes.map((node, place) => {
    let source = place;
    if (place >= end) source += oldEnd - end;
    else if (place >= start) {
      const key = isVNode(node) ? node.key : undefined;
      if (key !== undefined) source = byKey.get(key) ?? -1;
      if (source >= oldEnd || !canShow(old[source], node)) source = -1;
      // A key that comes twice shows its first node with the old part, and the others with new ones.
      byKey.delete(key);
      sources.push(source);
    }
    if (source < 0) return mount(node, parent, place);
    const part = old[source] as Part;
    if (place >= start) update(part, node);
    return part;
  });
  const kept = new Set(sources);
  for (let place = start; place < oldEnd; place++) if (!kept.has(place)) remove(old[place] as Part, true);
  if (parent.dom) removeUntil(parent.kind === "element" ? slotOf(parent.dom as Node)?.end : null);

  const staying = increasingIndices(sources);
  let before = nodeAfter(parent);
  parent.children = parts;
  for (let place = parts.length - 1; place >= start; place--) {
    const part = parts[place] as Part;
    part.index = place;
    if (place < end && !staying.has(place - start)) insertPart(part, before);
    before = firstNode(part) ?? before;
  }
}
