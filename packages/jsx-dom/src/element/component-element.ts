import { type AnyComponent, attributeOfProp, createElement, type ElementOptions, readProp } from "@miqro/jsx";
import type { Part } from "../render/part.js";
import { createRoot, showInRoot } from "../render/root.js";
import { dropUpdate, queueUpdate } from "../render/scheduler.js";
import { labelOf, type Slot, slotOf } from "../render/slot.js";
import { adoptStyleSheets, createStyleSheets } from "./element-styles.js";
import { whenParsed } from "./when-parsed.js";

/** The class that an element of the given tag has, or that of elements without a meaning. */
function classOf(tag: string | undefined): CustomElementConstructor {
  return tag === undefined
    ? HTMLElement
    : (document.createElement(tag).constructor as CustomElementConstructor);
}

/** Makes the class of a custom element that renders a component. */
export function createElementClass(
  component: AnyComponent,
  options: ElementOptions,
): CustomElementConstructor {
  const { shadowInit = { mode: "open" }, props: declared = {} } = options;
  const names = Object.keys(declared);
  const propOfAttribute = new Map(names.map((prop) => [attributeOfProp(prop), prop]));
  const sheets = createStyleSheets(options.styles);

  class ComponentElement extends classOf(options.extends) {
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
      if (options.extends === undefined) this.internals = this.attachInternals();
    }

    connectedCallback(): void {
      if (this.#root === undefined) whenParsed(this, () => this.#start());
    }

    #start(): void {
      if (this.#root !== undefined || !this.isConnected) return;
      const own = this as unknown as Record<string, unknown>;
      for (const prop of names) {
        // A property that was set before the element was defined hides the accessor.
        if (!Object.hasOwn(own, prop)) continue;
        const value = own[prop];
        delete own[prop];
        own[prop] = value;
      }
      const content =
        shadowInit === false
          ? this
          : (this.shadowRoot ?? this.internals?.shadowRoot ?? this.attachShadow(shadowInit));
      adoptStyleSheets(content.getRootNode(), sheets);
      const label = labelOf(content);
      if (content === this) {
        const given = label === undefined ? this.hasChildNodes() : label.endsWith("[");
        const slot = slotOf(this, true);
        if (given) this.#children = slot;
      }
      if (label !== undefined) {
        content.firstChild?.remove();
        // The style sheets are adopted: those that the server wrote for the time until then can go.
        const style = content.firstChild;
        if (sheets.length > 0 && style?.nodeName === "STYLE") style.remove();
      }
      this.#root = createRoot(content, this, label?.replace(/\W/g, ""), () => this.#show());
      this.#show(label === undefined ? undefined : content.firstChild);
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
      for (const prop of names) {
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
      return readProp(declared[prop] ?? "string", this.getAttribute(attributeOfProp(prop)), reportError);
    }

    #refresh(): void {
      if (this.#root !== undefined) queueUpdate(this.#root.instance);
    }

    #show(next?: Node | null): void {
      if (this.#root === undefined) return;
      dropUpdate(this.#root.instance);
      const props: Record<string, unknown> = {};
      for (const { name, value } of this.attributes) if (!propOfAttribute.has(name)) props[name] = value;
      for (const prop of names) {
        const value = this.#read(prop);
        if (value !== undefined) props[prop] = value;
      }
      if (this.#children !== undefined) props.children = this.#children;
      for (const error of showInRoot(this.#root, createElement(component, props), next)) reportError(error);
    }
  }

  return ComponentElement;
}
