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
import { forPage } from "../for-page.js";
import { showField } from "./field.js";
import { claimElement, claimText, cursor, moveCursor, removeUntil } from "./hydration.js";
import { increasingIndices } from "./increasing-indices.js";
import {
  contentOf,
  createPart,
  firstNode,
  insertPart,
  nodeAfterChildren,
  none,
  ownerOf,
  type Part,
} from "./part.js";
import { afterBatch, attempt, commitLater } from "./scheduler.js";
import { removeAttributes, setProperties } from "./set-properties.js";
import { slotEnd, slotOf, takeOut } from "./slot.js";

const namespaces = {
  svg: "http://www.w3.org/2000/svg",
  html: "http://www.w3.org/1999/xhtml",
  math: "http://www.w3.org/1998/Math/MathML",
};

// Inside these elements of SVG and MathML, the parser reads HTML. The expression matches a string of element, child and
// encoding. The last element is annotation-xml. The children mglyph and malignmark stay MathML.
const integration = /^((foreignObject|desc|title) |m([inos]|text) (?!mgl|mali)|\S+-xml (svg |.*html))/;

/** Creates an element in the namespace that the parser would choose inside the container. */
function createDOMElement(type: string, { is }: Props, container: Element): Element {
  const { namespaceURI } = container;
  const isHTML =
    // A shadow root has no `namespaceURI`.
    !namespaceURI ||
    namespaceURI === namespaces.html ||
    integration.test(`${container.localName} ${type} ${container.getAttribute("encoding")}`);
  return container.ownerDocument.createElementNS(
    isHTML ? (namespaces[type as "svg"] ?? namespaces.html) : namespaceURI,
    type,
    { is: is as string },
  );
}

/** Sets a ref to the element of a part. `null` clears the ref: this calls the cleanup that the ref returned, if any. */
function setRef(part: Part, ref: unknown, element: Element | null): void {
  if (!ref) return;
  attempt(() => {
    if (typeof ref === "function") {
      const { cleanup } = part;
      part.cleanup = undefined;
      if (!element && typeof cleanup === "function") cleanup();
      else part.cleanup = ref(element);
    } else (ref as { current: unknown }).current = element;
  });
}

/** The key that identifies a node among its siblings. Only vnodes have a key. */
function keyOf(node: JSXNode): Key | undefined {
  return isVNode(node) ? node.key : undefined;
}

/** Returns the nodes that an element or a component shows. A fragment without a key is replaced by its children. */
function nodesOf(node: JSXNode): readonly JSXNode[] {
  return isVNode(node) && node.key !== undefined ? [node] : toNodeList(node);
}

/** Returns the raw HTML that replaces the children, if any. */
function rawHTML(props: Props): unknown {
  const html = props.dangerouslySetInnerHTML as { __html?: unknown } | null | undefined;
  return props.innerHTML ?? html?.__html ?? undefined;
}

/** Creates the part of a node and its DOM nodes. Does not insert them, except during hydration. */
function mount(node: JSXNode, parent: Part, index: number): Part {
  const part = createPart(nodeKind(node), parent, index, node, parent.instance);
  if (part.kind === "component") {
    part.instance = createInstance(parent.instance.host, parent.instance, () => showComponent(part));
  }
  show(part);
  // During hydration, the nodes of the page stay in place, and new nodes are inserted between them.
  if (part.dom && cursor !== undefined) insertPart(part, cursor);
  return part;
}

/** Updates a part to its node. If this throws, a new part shows nothing, and an old part keeps its content. */
function show(part: Part, before?: JSXNode): void {
  const { kind, node } = part;
  try {
    if (kind === "text") {
      if (part.dom) (part.dom as Text).data = node as string;
      else part.dom = claimText(String(node));
    } else if (kind === "list") reconcileChildren(part, nodesOf(isVNode(node) ? node.children : node));
    else if (kind === "element") showElement(part, before as VNode | undefined);
    else if (kind === "component") showComponent(part);
    else if (slotEnd(node)) {
      part.dom = node as unknown as Node;
      if (cursor === part.dom) moveCursor(slotEnd(node)?.nextSibling);
    } else if (kind !== "empty")
      throw new JSXError("JSX_INVALID_NODE", forPage || kind === "promise" ? kind : typeof node);
  } catch (error) {
    if (part.parts === none) {
      part.kind = "empty";
      part.dom = undefined;
    }
    failInstance(part.instance, error);
  }
}

/** Calls a component and shows its result. If it throws, its earlier content stays. */
function showComponent(part: Part): void {
  const { instance } = part;
  try {
    reconcileChildren(part, nodesOf(renderComponent(instance, part.node as VNode)));
    if (instance.commits) commitLater(instance);
  } catch (error) {
    // Copies the array, so that it is no longer `none` and the next render updates this part.
    part.parts = [...part.parts];
    failInstance(instance, error);
  }
}

/**
 * Updates the element of a part to its node: its attributes, its children, and then the properties that the user may
 * change, since the value of a `select` depends on both.
 */
function showElement(part: Part, shown?: VNode): void {
  const { type, props, children } = part.node as VNode;
  const before = shown?.props ?? {};
  let after = cursor;
  if (!part.dom) {
    const claimed = claimElement(type as string);
    after = cursor;
    part.dom = claimed ?? createDOMElement(type as string, props, contentOf(ownerOf(part)) as Element);
    moveCursor(claimed && (slotOf(claimed)?.nextSibling ?? contentOf(part).firstChild));
  }
  const dom = part.dom as Element;
  const raw = rawHTML(props);
  const hydrates = cursor !== undefined;
  if (hydrates) {
    // A custom element may have changed its own content and attributes, so they are not compared. The text of a
    // textarea is its value.
    const isCustom = /-/.test(`${type}${props.is}`);
    if (!isCustom) removeAttributes(dom, props);
    if (raw !== undefined || (children === undefined && (isCustom || type === "textarea")))
      moveCursor(undefined);
  }
  const live = setProperties(part, before, props, hydrates);
  if (raw !== rawHTML(before) && !hydrates) {
    reconcileChildren(part, []);
    dom.innerHTML = (raw ?? "") as string;
  }
  // A page with scripts shows no `<noscript>`: its images must not load, and the parser reads its content as text.
  if (raw === undefined && type !== "noscript") reconcileChildren(part, nodesOf(children));
  if (live.length > 0) showField(part, live, before, props, hydrates);
  moveCursor(after);
  if (before.ref === props.ref) return;
  setRef(part, before.ref, null);
  afterBatch(() => setRef(part, props.ref, dom));
}

/** Appends the children of a part to a new, empty DOM node. */
function appendChildren(part: Part, container: Node): void {
  for (const child of part.parts) {
    const { dom } = child;
    if (!dom) appendChildren(child, container);
    // Checks the kind first, because reading a property that does not exist on an element is slow.
    else container.appendChild(child.kind === "invalid" ? takeOut(dom) : dom);
  }
}

/** Updates a part to another node of the same kind, type and key. */
function update(part: Part, node: JSXNode): void {
  const before = part.node;
  // A vnode never changes, but an array may have been modified.
  if (before === node && part.kind !== "list") return;
  part.node = node;
  show(part, before);
}

/**
 * Removes a part and all parts below it: runs cleanups and clears refs. If `detach` is true, also removes the DOM
 * nodes.
 */
function remove(part: Part, detach: boolean): void {
  const { dom } = part;
  if (part.kind === "component") disposeInstance(part.instance);
  if (part.kind === "element") setRef(part, (part.node as VNode).props.ref, null);
  for (const child of part.parts) remove(child, detach && !dom);
  if (!detach || !dom) return;
  if (part.kind === "invalid") takeOut(dom);
  else (dom as ChildNode).remove();
}

/** Tells whether a part can be updated to a node: the kind, type and key must be equal. */
function canShow(part: Part | undefined, node: JSXNode): boolean {
  // The kind of a failed part is `empty`, even if its node is not.
  if (part?.kind !== nodeKind(node)) return false;
  const shown = part.node;
  // Calls `isVNode`, because reading a property of a string is slow.
  if (isVNode(node)) return isVNode(shown) && shown.type === node.type && shown.key === node.key;
  return !isVNode(shown) && (part.kind !== "invalid" || shown === node);
}

/**
 * Updates the children of a part to an array of nodes. Moves as few existing children as possible. During hydration,
 * new children use the nodes of the page.
 */
export function reconcileChildren(parent: Part, nodes: readonly JSXNode[]): void {
  const old = parent.parts;
  if (old === none) {
    parent.parts = nodes.map((node, index) => mount(node, parent, index));
    if (!parent.dom) return;
    if (cursor === undefined) appendChildren(parent, contentOf(parent));
    else removeUntil(nodeAfterChildren(parent));
    return;
  }
  let start = 0;
  for (; start < nodes.length && canShow(old[start], nodes[start]); start++)
    update(old[start] as Part, nodes[start]);
  // In most renders, all children are unchanged in number and order.
  if (start === nodes.length && start === old.length) return;

  // The other parts are found by their key. Nodes without a key are found by their position.
  const byKey = new Map<Key | undefined, number>();
  for (let place = start; place < old.length && start < nodes.length; place++) {
    byKey.set(keyOf((old[place] as Part).node), place);
  }
  const sources: number[] = [];
  // The old children are not moved until all new children exist, because the position of a new child depends on them.
  const parts = nodes.map((node, place) => {
    if (place < start) return old[place] as Part;
    const key = keyOf(node);
    const source = key === undefined ? place : (byKey.get(key) ?? -1);
    // If a key occurs twice, the first node with the key gets the old part. The other nodes get new parts.
    byKey.delete(key);
    const part = old[source] as Part;
    const stays = canShow(part, node);
    sources.push(stays ? source : -1);
    if (!stays) return mount(node, parent, place);
    update(part, node);
    return part;
  });
  const kept = new Set(sources);
  const end = nodeAfterChildren(parent);
  let before: Node | null | undefined;
  for (let place = start; place < old.length; place++) {
    const part = old[place] as Part;
    if (kept.has(place)) before ??= firstNode(part);
    else remove(part, true);
  }

  const staying = increasingIndices(sources);
  parent.parts = parts;
  before ??= end;
  // Inserts the children in document order, because scripts, selected options and custom elements depend on this order.
  for (let place = start; place < parts.length; place++) {
    const part = parts[place] as Part;
    part.index = place;
    before = insertPart(part, before, staying.has(place - start));
  }
}
