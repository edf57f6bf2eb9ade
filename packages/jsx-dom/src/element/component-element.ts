import {
  type AnyComponent,
  attributeOfProp,
  createElement,
  type ElementOptions,
  type JSXNode,
  readProp,
} from "@miqro/jsx";
import type { Part } from "../render/part.js";
import { createRoot, showInRoot } from "../render/root.js";
import { dropUpdate, queueUpdate } from "../render/scheduler.js";
import { labelOf, type Slot, slotOf } from "../render/slot.js";
import { adoptStyleSheets, createStyleSheets } from "./element-styles.js";
import { whenParsed } from "./when-parsed.js";

/** Makes the class of a custom element that renders a component. */
export function createElementClass(
  component: AnyComponent,
  options: ElementOptions,
): CustomElementConstructor {
  const { shadowInit = { mode: "open" }, props: declared = {}, extends: base } = options;
  const propOfAttribute = new Map(Object.keys(declared).map((prop) => [attributeOfProp(prop), prop]));
  const sheets = createStyleSheets(options.styles);
  const Base = base ? (document.createElement(base).constructor as CustomElementConstructor) : HTMLElement;

  class ComponentElement extends Base {
    static readonly formAssociated = options.formAssociated;
    static readonly observedAttributes: readonly string[] = [
      ...(options.observedAttributes ?? []),
      ...propOfAttribute.keys(),
    ];

    /** What the element says to forms and to readers of screens; built-in elements have none. */
    readonly internals: ElementInternals | undefined;
    /** The declared props that were set as properties; an attribute that is set later takes their place. */
    readonly #values = new Map<string, unknown>();
    #root: Part | undefined;
    /** What the page gave as children, when there is no shadow root. */
    #children: Slot | undefined;

    constructor() {
      super();
      // A closed shadow root that the parser made is found no other way.
      if (!base) this.internals = this.attachInternals();
    }

    connectedCallback(): void {
      whenParsed(this, () => this.#start());
    }

    #start(): void {
      if (this.#root || !this.isConnected) return;
      const own = this as unknown as Record<string, unknown>;
      for (const prop of propOfAttribute.values()) {
        // A property that was set before the element was defined hides the accessor.
        if (!Object.hasOwn(own, prop)) continue;
        const value = own[prop];
        delete own[prop];
        own[prop] = value;
      }
      const content = shadowInit
        ? (this.shadowRoot ?? this.internals?.shadowRoot ?? this.attachShadow(shadowInit))
        : this;
      adoptStyleSheets(content.getRootNode(), sheets);
      const label = labelOf(content);
      if (!shadowInit) {
        const isGiven = label ? label.endsWith("[") : this.hasChildNodes();
        const slot = slotOf(this, true);
        if (isGiven) this.#children = slot;
      }
      if (label) {
        content.firstChild?.remove();
        // The style sheets are adopted: those that the server wrote for the time until then can go.
        const style = content.firstChild;
        if (sheets.length > 0 && style?.nodeName === "STYLE") style.remove();
      }
      this.#root = createRoot(content, this, label?.replace(/\W/g, ""), () => this.#show());
      this.#show(label && content.firstChild);
    }

    disconnectedCallback(): void {
      // An element that moves is disconnected and connected in one go, and keeps its state.
      queueMicrotask(() => {
        if (this.isConnected || !this.#root) return;
        this.#update(null);
        this.#root = undefined;
      });
    }

    attributeChangedCallback(name: string): void {
      this.#values.delete(propOfAttribute.get(name) ?? "");
      this.#refresh();
    }

    static {
      for (const [attribute, prop] of propOfAttribute) {
        Object.defineProperty(ComponentElement.prototype, prop, {
          configurable: true,
          enumerable: true,
          get(this: ComponentElement) {
            return this.#values.has(prop)
              ? this.#values.get(prop)
              : readProp(declared[prop] ?? "string", this.getAttribute(attribute), reportError);
          },
          set(this: ComponentElement, value: unknown) {
            if (Object.is((this as unknown as Record<string, unknown>)[prop], value)) return;
            this.#values.set(prop, value);
            this.#refresh();
          },
        });
      }
    }

    #refresh(): void {
      if (this.#root) queueUpdate(this.#root.instance);
    }

    #show(next?: Node | "" | null): void {
      const props: Record<string, unknown> = {};
      for (const { name, value } of this.attributes) if (!propOfAttribute.has(name)) props[name] = value;
      for (const prop of propOfAttribute.values()) {
        const value = (this as unknown as Record<string, unknown>)[prop];
        if (value !== undefined) props[prop] = value;
      }
      if (this.#children) props.children = this.#children;
      this.#update(createElement(component, props), next || undefined);
    }

    #update(node: JSXNode, next?: Node): void {
      const root = this.#root as Part;
      dropUpdate(root.instance);
      for (const error of showInRoot(root, node, next)) reportError(error);
    }
  }

  return ComponentElement;
}
