import { createElement, type JSXNode, type Props, type VNode } from "@miqro/jsx";
import { toStyleText } from "../escape/style-text.js";
import { attributeTextOf, findProp, innerHTMLOf } from "../render/prop.js";
import { renderToString } from "../render/render-to-string.js";
import { parseSelector } from "./selector.js";

/** A text node in a `NodeElement`. */
export interface NodeText {
  readonly textContent: string;
}

/** The event that a listener gets. */
export interface NodeEvent {
  readonly type: string;
  readonly target: NodeElement;
  readonly currentTarget: NodeElement;
  readonly defaultPrevented: boolean;
  preventDefault(): void;
  stopPropagation(): void;
  readonly [detail: string]: unknown;
}

/** An element of a page without a browser. Tests can read it and dispatch events on it. */
export class NodeElement {
  readonly localName: string;
  parentElement: NodeElement | undefined;
  childNodes: readonly (NodeElement | NodeText)[] = [];
  /** The props: attributes, properties and listeners. */
  props: Props = {};
  /** Renders the changes. It is called after the listeners of an event. */
  #settle: () => void = () => {};

  constructor(tag: string) {
    this.localName = tag;
  }

  /** @param settle called after the listeners of an event, to render the changes */
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
    return innerHTMLOf(this.props) ?? this.childNodes.map((node) => renderToString(toNode(node))).join("");
  }

  get outerHTML(): string {
    return renderToString(toNode(this));
  }

  /** The HTML with lines and indentation. */
  toString(): string {
    return renderToString(toNode(this), { pretty: true });
  }

  /** Returns the value of an attribute as in HTML, or `null` if the element does not have it. */
  getAttribute(name: string): string | null {
    let text: string | undefined;
    for (const [prop, value] of Object.entries(this.props)) {
      const { use, name: attribute } = findProp(prop);
      if (attribute.toLowerCase() !== name.toLowerCase()) continue;
      if (use === "style") text = toStyleText(value) || undefined;
      if (use === "attribute") text = attributeTextOf(attribute, value, this.localName.includes("-"));
    }
    return text ?? null;
  }

  /** Returns the first descendant that matches a selector. */
  querySelector(selector: string): NodeElement | undefined {
    return this.querySelectorAll(selector)[0];
  }

  /**
   * Returns all descendants that match a selector, in document order.
   *
   * @param selector tags, `*`, `#id`, `.class`, `[attribute]` and `[attribute=value]`, combined, with white space or
   *   `>` between them; commas separate several selectors
   * @throws JSXNodeError `JSX_INVALID_SELECTOR` for any other selector
   */
  querySelectorAll(selector: string): NodeElement[] {
    return findAll(this, parseSelector(selector));
  }

  /**
   * Calls the listeners of an event: first the capture listeners from the root to this element, then the others from
   * this element to the root. Then renders the changes.
   */
  dispatch(type: string, details: Readonly<Record<string, unknown>> = {}): NodeEvent {
    // A disabled element cannot be clicked.
    const state = { stopped: type === "click" && this.getAttribute("disabled") !== null, prevented: false };
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
    const path: NodeElement[] = [];
    for (let at: NodeElement | undefined = this; at !== undefined; at = at.parentElement) path.push(at);
    const call = (element: NodeElement, listener: string) => {
      if (state.stopped) return;
      for (const [name, handler] of Object.entries(element.props)) {
        if (name.toLowerCase() === listener && typeof handler === "function") handler(eventAt(element));
      }
    };
    const listener = `on${type.toLowerCase()}`;
    for (const element of path.toReversed()) call(element, `${listener}capture`);
    for (const element of path) call(element, listener);
    this.#settle();
    return eventAt(this);
  }

  /** `focus` and `scrollIntoView` do nothing, because there is no browser. */
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

function findAll(element: NodeElement, fits: (element: NodeElement) => boolean): NodeElement[] {
  return element.children.flatMap((child) => [...(fits(child) ? [child] : []), ...findAll(child, fits)]);
}
