import { createElement, type JSXNode, type Props, type VNode } from "@miqro/jsx";
import { renderToString } from "../render/render-to-string.js";

/** A text of a `NodeElement`. */
export interface NodeText {
  readonly textContent: string;
}

/** What a listener gets. */
export interface NodeEvent {
  readonly type: string;
  readonly target: NodeElement;
  readonly currentTarget: NodeElement;
  readonly defaultPrevented: boolean;
  preventDefault(): void;
  stopPropagation(): void;
  readonly [detail: string]: unknown;
}

/** An element of a page that is not there: what components show in a `NodeContainer`, to be looked at by tests. */
export class NodeElement {
  readonly localName: string;
  parentElement: NodeElement | undefined;
  childNodes: readonly (NodeElement | NodeText)[] = [];
  /** Attributes, properties and listeners, by the names of the props. */
  props: Props = {};
  /** Called after a listener: what it changed is to be shown. */
  #settle: () => void = () => {};

  constructor(tag: string) {
    this.localName = tag;
  }

  /** @param settle called after each listener */
  adopt(parent: NodeElement, settle: () => void): void {
    this.parentElement = parent;
    this.#settle = settle;
  }

  get children(): readonly NodeElement[] {
    return this.childNodes.filter((node) => node instanceof NodeElement);
  }

  get textContent(): string {
    return this.childNodes.map((node) => node.textContent).join("");
  }

  get id(): string {
    return String(this.props.id ?? "");
  }

  get value(): unknown {
    return this.props.value;
  }

  get innerHTML(): string {
    return this.childNodes.map((node) => renderToString(toNode(node))).join("");
  }

  get outerHTML(): string {
    return renderToString(toNode(this));
  }

  /** The HTML with lines and indentation. */
  toString(): string {
    return renderToString(toNode(this), { pretty: true });
  }

  /** The text of an attribute, `null` when the element has none. */
  getAttribute(name: string): string | null {
    const { [name]: value } = this.props;
    return value === undefined || value === null || value === false
      ? null
      : value === true
        ? ""
        : String(value);
  }

  /** The first element inside that fits: a tag, `#id`, `.class`, `[attribute]`, or several of them together. */
  querySelector(selector: string): NodeElement | undefined {
    return this.querySelectorAll(selector)[0];
  }

  /** All elements inside that fit, in the order of the page. */
  querySelectorAll(selector: string): NodeElement[] {
    return this.children.flatMap((child) => [
      ...(fits(child, selector) ? [child] : []),
      ...child.querySelectorAll(selector),
    ]);
  }

  /** Calls the listeners of an event, here and above, and shows what they changed. */
  dispatch(type: string, details: Readonly<Record<string, unknown>> = {}): NodeEvent {
    const state = { stopped: false, prevented: false };
    const eventAt = (currentTarget: NodeElement): NodeEvent => ({
      ...details,
      type,
      target: this,
      currentTarget,
      get defaultPrevented() {
        return state.prevented;
      },
      preventDefault() {
        state.prevented = true;
      },
      stopPropagation() {
        state.stopped = true;
      },
    });
    for (let at: NodeElement | undefined = this; at !== undefined && !state.stopped; at = at.parentElement) {
      for (const [name, handler] of Object.entries(at.props)) {
        if (name.toLowerCase() === `on${type.toLowerCase()}` && typeof handler === "function")
          handler(eventAt(at));
      }
    }
    this.#settle();
    return eventAt(this);
  }

  /** Nothing is focused or scrolled here. */
  focus(): void {}

  scrollIntoView(): void {}

  getRootNode(): NodeElement {
    return this.parentElement?.getRootNode() ?? this;
  }

  click(): NodeEvent {
    return this.dispatch("click", { button: 0 });
  }
}

function toNode(node: NodeElement | NodeText): JSXNode {
  if (!(node instanceof NodeElement)) return node.textContent;
  const { children: _children, key: _key, ...props } = node.props;
  return createElement(node.localName, props, ...node.childNodes.map(toNode)) as VNode;
}

function fits(element: NodeElement, selector: string): boolean {
  const parts = selector.match(/[#.]?[\w-]+|\[[\w-]+\]/g) ?? [];
  return parts.every((part) => {
    if (part.startsWith("#")) return element.id === part.slice(1);
    if (part.startsWith("[")) return element.getAttribute(part.slice(1, -1)) !== null;
    const classes = String(element.props.class ?? element.props.className ?? "").split(/\s+/);
    return part.startsWith(".") ? classes.includes(part.slice(1)) : element.localName === part;
  });
}
