import {
  createInstance,
  disposeInstance,
  failInstance,
  isVNode,
  JSXError,
  type JSXNode,
  type Key,
  nodeKind,
  type Props,
  renderComponent,
  toNodeList,
  type VNode,
} from "@miqro/jsx";
import { claimElement, claimText, cursor, moveCursor, removeUntil } from "./hydration.js";
import { increasingIndices } from "./increasing-indices.js";
import { createPart, firstNode, insertPart, nodeAfterChildren, none, ownerOf, type Part } from "./part.js";
import { afterBatch, collectError, commitLater, dropUpdate } from "./scheduler.js";
import { removeAttributes, setProperties } from "./set-properties.js";
import { slotEnd, slotOf, takeOut } from "./slot.js";

const html = "http://www.w3.org/1999/xhtml";
const namespaces: Readonly<Record<string, string>> = {
  svg: "http://www.w3.org/2000/svg",
  math: "http://www.w3.org/1998/Math/MathML",
};

function createDOMElement(type: string, { is }: Props, container: Element): Element {
  // A shadow root has no namespace.
  const inherited = container.localName === "foreignObject" ? html : container.namespaceURI;
  return document.createElementNS(namespaces[type] ?? inherited ?? html, type, { is: is as string });
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
  return (
    innerHTML ?? (dangerouslySetInnerHTML as { __html?: unknown } | null | undefined)?.__html ?? undefined
  );
}

/** Makes the part of a node, and its DOM nodes, which are not put anywhere. */
function mount(node: JSXNode, parent: Part, index: number): Part {
  const { instance } = parent;
  const part = createPart(nodeKind(node), parent, index, node, instance);
  if (part.kind === "component") {
    part.instance = createInstance(instance.host, instance, () => showComponent(part));
  }
  show(part);
  return part;
}

/** Brings a part to its node. When that fails, a new one shows nothing, and another what it showed before. */
function show(part: Part, before?: JSXNode): void {
  const { kind, node } = part;
  try {
    if (kind === "text") {
      if (part.dom) (part.dom as Text).data = String(node);
      else part.dom = claimText(String(node));
    } else if (kind === "list") reconcileChildren(part, toNodeList(node));
    else if (kind === "element") showElement(part, before as VNode | undefined);
    else if (kind === "component") showComponent(part);
    else if (slotEnd(node)) {
      part.dom = node as unknown as Node;
      if (cursor === part.dom) moveCursor(slotEnd(node)?.nextSibling);
    } else if (kind !== "empty") throw new JSXError("invalid_node", kind === "promise" ? kind : typeof node);
  } catch (error) {
    if (part.children === none) {
      part.kind = "empty";
      part.dom = undefined;
    }
    failInstance(part.instance, error);
  }
}

/** Calls a component and shows what it gives; when it throws, what it showed before stays. */
function showComponent(part: Part): void {
  const { instance, node } = part;
  dropUpdate(instance);
  try {
    reconcileChildren(part, [renderComponent(instance, node as VNode)]);
    if (instance.commits) commitLater(instance);
  } catch (error) {
    // The next render finds a part that has its place.
    part.children = [...part.children];
    failInstance(instance, error);
  }
}

/** Brings the element of a part to its node, children first: the value of a `select` depends on them. */
function showElement(part: Part, shown?: VNode): void {
  const { type, props, children } = part.node as VNode;
  const before = shown?.props ?? {};
  let after = cursor;
  if (!part.dom) {
    const claimed = claimElement(type as string);
    after = cursor;
    part.dom = claimed ?? createDOMElement(type as string, props, ownerOf(part).dom as Element);
    if (claimed) part.children = [];
    moveCursor(claimed && (slotOf(claimed)?.nextSibling ?? claimed.firstChild));
  }
  const dom = part.dom as Element;
  const raw = rawHTML(props);
  const hydrates = cursor !== undefined;
  if (hydrates) {
    // What is in a custom element, its attributes too, it may have put there itself; the text of a textarea is its value.
    const isCustom = /-/.test(type + String(props.is));
    if (!isCustom) removeAttributes(dom, props);
    if (raw !== undefined || (children === undefined && (isCustom || type === "textarea")))
      moveCursor(undefined);
  }
  if (raw !== undefined) reconcileChildren(part, []);
  if (raw !== rawHTML(before) && !hydrates) dom.innerHTML = (raw ?? "") as string;
  if (raw === undefined) reconcileChildren(part, toNodeList(children));
  setProperties(part, before, props, hydrates);
  moveCursor(after);
  if (before.ref === props.ref) return;
  setRef(before.ref, null);
  if (props.ref) afterBatch(() => setRef(props.ref, dom));
}

/** Puts the children of a part into a node that has just been made: nothing can be in the way. */
function appendChildren({ children }: Part, container: Node): void {
  for (const child of children) {
    const { dom } = child;
    if (!dom) appendChildren(child, container);
    // To look for what no element has takes long.
    else container.appendChild(child.kind === "invalid" ? takeOut(dom) : dom);
  }
}

/** Has a part show another node of the same kind, type and key. */
function update(part: Part, node: JSXNode): void {
  const { kind, node: before } = part;
  // The same array may hold other nodes than before; a vnode never changes.
  if (before === node && kind !== "list") return;
  part.node = node;
  show(part, before);
}

/** Ends a part: cleanups run and refs are emptied, also below it; its own nodes go when `detach` is true. */
function remove({ kind, instance, node, dom, children }: Part, detach: boolean): void {
  if (kind === "component") disposeInstance(instance);
  if (kind === "element") setRef((node as VNode).props.ref, null);
  for (const child of children) remove(child, detach && !dom);
  if (!detach || !dom) return;
  if (kind === "invalid") takeOut(dom);
  else (dom as ChildNode).remove();
}

/** Tells whether a part can go on to show a node: it has the same kind, type and key. */
function canShow(part: Part | undefined, node: JSXNode): boolean {
  // What failed shows nothing, whatever it is.
  if (part?.kind !== nodeKind(node)) return false;
  const { node: shown } = part;
  return isVNode(shown) && isVNode(node)
    ? shown.type === node.type && shown.key === node.key
    : !isVNode(shown) && !isVNode(node) && (part.kind !== "invalid" || shown === node);
}

/**
 * Brings the children of a part to a list of nodes: what stays is updated in place, and as few as possible move. While
 * hydrating, new ones take the nodes that are there.
 */
export function reconcileChildren(parent: Part, nodes: readonly JSXNode[]): void {
  const old = parent.children;
  if (old === none) {
    parent.children = nodes.map((node, index) => mount(node, parent, index));
    if (parent.dom) appendChildren(parent, parent.dom);
    return;
  }
  let start = 0;
  for (; start < nodes.length && canShow(old[start], nodes[start]); start++)
    update(old[start] as Part, nodes[start]);
  // In most renders that was all.
  if (start === nodes.length && start === old.length && cursor === undefined) return;

  // Behind the children that are the same as before, a key finds its part, or else the place.
  const byKey = new Map<Key | undefined, number>();
  for (let place = start; place < old.length && start < nodes.length; place++) {
    const { node } = old[place] as Part;
    if (isVNode(node)) byKey.set(node.key, place);
  }
  const sources: number[] = [];
  // The old children stand where they stood until all new ones are there: each finds its place by them.
  const parts = nodes.map((node, place) => {
    if (place < start) return old[place] as Part;
    const key = isVNode(node) ? node.key : undefined;
    const source = key === undefined ? place : (byKey.get(key) ?? -1);
    // A key that comes twice shows its first node with the old part, and the others with new ones.
    byKey.delete(key);
    const part = old[source];
    if (!part || !canShow(part, node)) {
      sources.push(-1);
      return mount(node, parent, place);
    }
    sources.push(source);
    update(part, node);
    return part;
  });
  const kept = new Set(sources);
  for (let place = start; place < old.length; place++) if (!kept.has(place)) remove(old[place] as Part, true);
  if (parent.dom) removeUntil(nodeAfterChildren(parent));

  const staying = increasingIndices(sources);
  let before = nodeAfterChildren(parent);
  parent.children = parts;
  for (let place = parts.length - 1; place >= start; place--) {
    const part = parts[place] as Part;
    part.index = place;
    if (!staying.has(place - start)) insertPart(part, before);
    before = firstNode(part) ?? before;
  }
}
