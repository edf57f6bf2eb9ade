import {
  createInstance,
  disposeInstance,
  Fragment,
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

// The parser returns to HTML inside these elements of SVG and MathML: element (the last is annotation-xml), child (not
// mglyph and malignmark) and encoding.
const integration = /^((foreignObject|desc|title) |m([inos]|text) (?!mgl|mali)|\S+-xml (svg |.*html))/;

/** Makes an element with the namespace that the parser would give it inside a container. */
function createDOMElement(type: string, { is }: Props, container: Element): Element {
  const { namespaceURI } = container;
  const isHTML =
    // A shadow root has no namespace.
    !namespaceURI ||
    namespaceURI === namespaces.html ||
    integration.test(`${container.localName} ${type} ${container.getAttribute("encoding")}`);
  return container.ownerDocument.createElementNS(
    isHTML ? (namespaces[type as "svg"] ?? namespaces.html) : namespaceURI,
    type,
    { is: is as string },
  );
}

/** Gives a ref the element of a part, or `null` to clear it, through the function that the ref returned, if any. */
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

/** The nodes that an element or a component shows. A fragment without a key is not a node of its own. */
function nodesOf(node: JSXNode): readonly JSXNode[] {
  return isVNode(node) && (node.type !== Fragment || node.key !== undefined) ? [node] : toNodeList(node);
}

/** The HTML that replaces children. */
function rawHTML({ innerHTML, dangerouslySetInnerHTML }: Props): unknown {
  return (
    innerHTML ?? (dangerouslySetInnerHTML as { __html?: unknown } | null | undefined)?.__html ?? undefined
  );
}

/** Makes the part of a node and its DOM nodes, without inserting them. */
function mount(node: JSXNode, parent: Part, index: number): Part {
  const part = createPart(nodeKind(node), parent, index, node, parent.instance);
  if (part.kind === "component") {
    part.instance = createInstance(parent.instance.host, parent.instance, () => showComponent(part));
  }
  show(part);
  // Hydration uses the nodes of the page where they are, and inserts other nodes between them.
  if (part.dom && cursor !== undefined) insertPart(part, cursor);
  return part;
}

/** Updates a part to its node. If that fails, a new part shows nothing, and an old part keeps its content. */
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
    // The next render finds a part that has its position.
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
    // A custom element may have set its own content and attributes. The text of a textarea is its value.
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

/** Inserts the children of a part into a new DOM node, which is empty. */
function appendChildren(part: Part, container: Node): void {
  for (const child of part.parts) {
    const { dom } = child;
    if (!dom) appendChildren(child, container);
    // Reading a property that no element has is slow.
    else container.appendChild(child.kind === "invalid" ? takeOut(dom) : dom);
  }
}

/** Makes a part show another node of the same kind, type and key. */
function update(part: Part, node: JSXNode): void {
  const before = part.node;
  // The same array may contain other nodes than before, but a vnode never changes.
  if (before === node && part.kind !== "list") return;
  part.node = node;
  show(part, before);
}

/** Removes a part: cleanups run and refs are cleared, also below it. Its DOM nodes are removed if `detach` is true. */
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
  // A part that failed shows nothing, whatever its node is.
  if (part?.kind !== nodeKind(node)) return false;
  const { node: shown } = part;
  // Calls `isVNode` and does not look for a property that texts lack: reading such a property is slow.
  return isVNode(shown) && isVNode(node)
    ? shown.type === node.type && shown.key === node.key
    : !isVNode(shown) && !isVNode(node) && (part.kind !== "invalid" || shown === node);
}

/**
 * Updates the children of a part to an array of nodes: kept children are updated in place, and as few as possible move.
 * During hydration, new children use the nodes of the page.
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
  // Most renders end here.
  if (start === nodes.length && start === old.length) return;

  // After the unchanged children at the start, parts are found by key, or else by position.
  const byKey = new Map<Key | undefined, number>();
  for (let place = start; place < old.length && start < nodes.length; place++) {
    byKey.set(keyOf((old[place] as Part).node), place);
  }
  const sources: number[] = [];
  // The old children stay where they are until all new children exist: each child finds its position by them.
  const parts = nodes.map((node, place) => {
    if (place < start) return old[place] as Part;
    const key = keyOf(node);
    const source = key === undefined ? place : (byKey.get(key) ?? -1);
    // If a key occurs twice, its first node uses the old part, and the others use new parts.
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
  // From the first to the last, as scripts run, options are chosen and custom elements start in this order.
  for (let place = start; place < parts.length; place++) {
    const part = parts[place] as Part;
    part.index = place;
    before = insertPart(part, before, staying.has(place - start));
  }
}
