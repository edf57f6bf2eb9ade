import { type AnyComponent, createElement } from "@miqro/jsx";
import type { Part } from "../render/part.js";
import { createRoot, showInRoot } from "../render/root.js";
import { dropUpdate, queueUpdate } from "../render/scheduler.js";
import { attributeOfProp, type DefineOptions } from "./define-options.js";
import { adoptStyleSheets, createStyleSheets } from "./element-styles.js";
import { readProp } from "./read-prop.js";

/** Makes the class of a custom element that renders a component. */
export function createElementClass(
  component: AnyComponent,
  options: DefineOptions,
): CustomElementConstructor {
  const { shadowInit = { mode: "open" }, props: declared = {} } = options;
  const propOfAttribute = new Map(Object.keys(declared).map((prop) => [attributeOfProp(prop), prop]));
  const sheets = createStyleSheets(options.styles);

  class ComponentElement extends HTMLElement {
    static readonly observedAttributes: readonly string[] = [
      ...new Set([...(options.observedAttributes ?? []), ...propOfAttribute.keys()]),
    ];

    /** The declared props that were set as properties; an attribute that is set later takes their place. */
    readonly #values = new Map<string, unknown>();
    #shadow: ShadowRoot | undefined;
    #root: Part | undefined;

    constructor() {
      super();
      if (shadowInit === false) return;
      this.#shadow = this.attachShadow(shadowInit);
      adoptStyleSheets(this.#shadow, sheets);
    }

    connectedCallback(): void {
      if (this.#root !== undefined) return;
      for (const prop of Object.keys(declared)) this.#upgradeProperty(prop);
      if (this.#shadow === undefined) adoptStyleSheets(this.getRootNode(), sheets);
      this.#root = createRoot(this.#shadow ?? this, this, () => this.#show());
      this.#show();
    }

    disconnectedCallback(): void {
      // An element that moves is disconnected and connected in one go, and keeps its state.
      queueMicrotask(() => {
        if (this.isConnected || this.#root === undefined) return;
        dropUpdate(this.#root.instance);
        for (const error of showInRoot(this.#root, null)) reportError(error);
        this.#root = undefined;
      });
    }

    attributeChangedCallback(name: string): void {
      const prop = propOfAttribute.get(name);
      if (prop !== undefined) this.#values.delete(prop);
      this.#refresh();
    }

    static {
      for (const prop of Object.keys(declared)) {
        Object.defineProperty(ComponentElement.prototype, prop, {
          configurable: true,
          enumerable: true,
          get(this: ComponentElement) {
            return this.#read(prop);
          },
          set(this: ComponentElement, value: unknown) {
            if (Object.is(this.#read(prop), value)) return;
            this.#values.set(prop, value);
            this.#refresh();
          },
        });
      }
    }

    #read(prop: string): unknown {
      if (this.#values.has(prop)) return this.#values.get(prop);
      return readProp(declared[prop] ?? "string", this.getAttribute(attributeOfProp(prop)));
    }

    /** A property that was set before the element was defined hides the accessor. */
    #upgradeProperty(prop: string): void {
      if (!Object.hasOwn(this, prop)) return;
      const target = this as unknown as Record<string, unknown>;
      const value = target[prop];
      delete target[prop];
      target[prop] = value;
    }

    #refresh(): void {
      if (this.#root !== undefined) queueUpdate(this.#root.instance);
    }

    #show(): void {
      if (this.#root === undefined) return;
      dropUpdate(this.#root.instance);
      const props: Record<string, unknown> = {};
      for (const { name, value } of this.attributes) if (!propOfAttribute.has(name)) props[name] = value;
      for (const prop of Object.keys(declared)) {
        const value = this.#read(prop);
        if (value !== undefined) props[prop] = value;
      }
      for (const error of showInRoot(this.#root, createElement(component, props))) reportError(error);
    }
  }

  return ComponentElement;
}
