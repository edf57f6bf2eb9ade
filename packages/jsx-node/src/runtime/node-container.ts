import {
  type ComponentHost,
  type ComponentInstance,
  commitInstance,
  createInstance,
  disposeInstance,
  failInstance,
  isVNode,
  type JSXNode,
  type Key,
  type NodeKind,
  nodeKind,
  type Runtime,
  renderComponent,
  toNodeList,
  type VNode,
} from "@miqro/jsx";
import { JSXNodeError } from "../errors.js";
import { NodeElement, type NodeText } from "./node-element.js";

/** The options of a container. */
export interface NodeContainerOptions {
  /** True if effects should not run. */
  readonly disableEffects?: boolean;
  /** True if refs should be ignored. */
  readonly disableRefs?: boolean;
}

/** Renders nodes into an element, and updates the element when a state changes. */
export interface NodeContainer {
  /** Renders a node and replaces the earlier node. The effects have run when this returns. */
  render(node: JSXNode): void;
  /**
   * Renders pending changes at once. Without this call, they are rendered after the current event or in a microtask.
   */
  flush(): void;
  /** Removes all nodes and runs every cleanup. */
  disconnect(): void;
}

/** A rendered node at its position in the tree. */
interface Spot {
  readonly kind: NodeKind;
  node: JSXNode;
  readonly instance: ComponentInstance | undefined;
  readonly element: NodeElement | undefined;
  children: Spot[];
}

const maxRounds = 100;

function keyOf(node: JSXNode): Key | undefined {
  return isVNode(node) ? (node.key ?? undefined) : undefined;
}

function typeOf(node: JSXNode): unknown {
  return isVNode(node) && nodeKind(node) !== "list" ? node.type : undefined;
}

/** Makes a container that renders into an element. */
export function createNodeContainer(
  root: NodeElement,
  runtime: Runtime,
  idPrefix: string,
  options: NodeContainerOptions,
): NodeContainer {
  let shown: Spot | undefined;
  let current: JSXNode = null;
  let stale = false;
  let commits: ComponentInstance[] = [];
  const errors: unknown[] = [];
  const host: ComponentHost = {
    live: true,
    idPrefix,
    element: root,
    runtime,
    update() {
      if (stale) return;
      stale = true;
      queueMicrotask(flush);
    },
    report: (error) => errors.push(error),
  };
  const above = createInstance(host, undefined);

  function drop(spot: Spot): void {
    if (spot.instance !== undefined) disposeInstance(spot.instance);
    if (spot.element !== undefined) setRef(spot.element.props.ref, null);
    for (const child of spot.children) drop(child);
  }

  function setRef(ref: unknown, element: NodeElement | null): void {
    if (options.disableRefs === true) return;
    if (typeof ref === "function") ref(element);
    else if (typeof ref === "object" && ref !== null) (ref as { current: unknown }).current = element;
  }

  function showAll(old: readonly Spot[], nodes: readonly JSXNode[], parent: ComponentInstance): Spot[] {
    const left = new Set(old);
    const spots = nodes.map((node, place) => {
      const key = keyOf(node);
      const known = key === undefined ? old[place] : old.find((spot) => keyOf(spot.node) === key);
      const fits =
        known !== undefined &&
        left.has(known) &&
        known.kind === nodeKind(node) &&
        keyOf(known.node) === key &&
        typeOf(known.node) === typeOf(node);
      if (fits) left.delete(known);
      return show(fits ? known : undefined, node, parent);
    });
    for (const spot of left) drop(spot);
    return spots;
  }

  function show(known: Spot | undefined, node: JSXNode, parent: ComponentInstance): Spot {
    const kind = nodeKind(node);
    const spot: Spot = known ?? {
      kind,
      node,
      instance: kind === "component" ? createInstance(host, parent) : undefined,
      element: kind === "element" ? new NodeElement((node as VNode).type as string) : undefined,
      children: [],
    };
    spot.node = node;
    if (kind === "list") spot.children = showAll(spot.children, toNodeList(node), parent);
    else if (kind === "promise" || kind === "invalid") {
      throw new JSXNodeError(
        "JSX_INVALID_NODE",
        kind === "promise"
          ? "A promise cannot be rendered in a page: await it in an effect, and store its result in a state."
          : `A value of the type ${typeof node} cannot be rendered: give a string, an element, an array of them, or null.`,
      );
    } else if (spot.instance !== undefined) showComponent(spot, spot.instance);
    else if (spot.element !== undefined) showElement(spot, spot.element, parent);
    return spot;
  }

  function showComponent(spot: Spot, instance: ComponentInstance): void {
    try {
      const output = renderComponent(instance, spot.node as VNode);
      spot.children = showAll(spot.children, [output], instance);
      commits.push(instance);
    } catch (error) {
      failInstance(instance, error);
    }
  }

  function showElement(spot: Spot, element: NodeElement, parent: ComponentInstance): void {
    const { props, children } = spot.node as VNode;
    const before = element.props.ref;
    element.props = props;
    spot.children = showAll(spot.children, toNodeList(children), parent);
    place(element, spot.children);
    if (before === props.ref) return;
    setRef(before, null);
    setRef(props.ref, element);
  }

  function place(element: NodeElement, spots: readonly Spot[]): void {
    element.childNodes = spots.flatMap(nodesOf);
    for (const child of element.children) child.adopt(element, flush);
  }

  function nodesOf(spot: Spot): (NodeElement | NodeText)[] {
    if (spot.element !== undefined) return [spot.element];
    if (spot.kind === "text") return [{ textContent: String(spot.node) }];
    return spot.children.flatMap(nodesOf);
  }

  /** Renders until there are no more changes. Then throws the first error that no error boundary handled. */
  function flush(): void {
    for (let round = 0; stale; round++) {
      stale = false;
      if (round === maxRounds) {
        throw new JSXNodeError(
          "JSX_UPDATE_LOOP",
          `Components asked for ${maxRounds} renders in a row: set state in a handler, or in an effect under a condition.`,
        );
      }
      [shown] = showAll(shown === undefined ? [] : [shown], [current], above);
      place(root, shown === undefined ? [] : [shown]);
      const done = commits;
      commits = [];
      if (options.disableEffects === true) continue;
      for (const instance of done) commitInstance(instance, "layout");
      for (const instance of done) commitInstance(instance, "effect");
    }
    const [first] = errors.splice(0);
    if (first !== undefined) throw first;
  }

  return {
    render(node) {
      current = node;
      stale = true;
      flush();
    },
    flush,
    disconnect() {
      current = null;
      stale = true;
      flush();
    },
  };
}
