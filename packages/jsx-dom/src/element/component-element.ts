import {
  type AnyComponent,
  attributeOfProp,
  createElement,
  type PropType,
  readProp,
  requestUpdate,
} from "@miqro/jsx";
import type { Part } from "../render/part.js";
import { createRoot, showInRoot } from "../render/root.js";
import { dropUpdate } from "../render/scheduler.js";
import { labelOf, markContent, markOf, slotOf, takeOut } from "../render/slot.js";
import type { DefineOptions } from "./define-options.js";
import { adoptStyles } from "./element-styles.js";

/** Makes the class of a custom element that renders a component. */
export function createElementClass(
  component: AnyComponent,
  options: DefineOptions,
): CustomElementConstructor {
  const {
    shadowInit = { mode: "open" },
    props: declared = {},
    extends: base,
    observedAttributes = [],
    formAssociated,
    styles = [],
  } = options;
  const propOfAttribute = new Map(Object.keys(declared).map((prop) => [attributeOfProp(prop), prop]));
  const css = [styles].flat().join("\n");
  const Base = base ? (document.createElement(base).constructor as CustomElementConstructor) : HTMLElement;

  class ComponentElement extends Base {
    static readonly formAssociated = formAssociated;
    static readonly observedAttributes = [...observedAttributes, ...propOfAttribute.keys()];

    /** What the element says to forms and to readers of screens; built-in elements have none. */
    readonly internals: ElementInternals | undefined = base ? undefined : this.attachInternals();
    /** The declared props that were set as properties; an attribute that is set later takes their place. */
    readonly #values: Record<string, unknown> = { __proto__: null };
    #root: Part | undefined;

    connectedCallback(): void {
      // The parser has come to the end tag when something follows the element, or one around it.
      let parsed: Element | undefined = this;
      while (parsed && !parsed.closest(":has(+*)"))
        parsed = (parsed.getRootNode() as Partial<ShadowRoot>).host;
      if (parsed || document.readyState !== "loading") this.#start();
      // An observer of the document would be called for all that is parsed.
      else setTimeout(() => this.connectedCallback(), 20);
    }

    #start(): void {
      if (!this.isConnected) return;
      // A closed shadow root that the parser made is found no other way.
      const content = (this.#root?.dom ??
        (shadowInit
          ? (this.shadowRoot ?? this.internals?.shadowRoot ?? this.attachShadow(shadowInit))
          : this)) as Element | ShadowRoot;
      // Also when the element comes from elsewhere.
      adoptStyles(content.getRootNode() as Document | ShadowRoot, css);
      if (this.#root) return;
      const own = this as unknown as Record<string, unknown>;
      for (const prop of propOfAttribute.values()) {
        // A property that was set before the element was defined hides the accessor.
        if (!Object.hasOwn(this, prop)) continue;
        const value = own[prop];
        delete own[prop];
        own[prop] = value;
      }
      const label = labelOf(content);
      const mark = markOf(this);
      const isGiven = label ? label[2] : (mark ?? this.firstChild);
      const slot = shadowInit ? undefined : slotOf(this, true);
      // What the page gave as children, when there is no shadow root.
      const children = isGiven ? slot : undefined;
      if (label) {
        content.firstChild?.remove();
        // The style sheet is adopted: the one that the server wrote for the time until then can go.
        if (css && content.firstChild?.nodeName === "STYLE") content.firstChild.remove();
      } else {
        // Only what a server rendered is taken over. A copy of an element begins anew, with the children of the copy.
        if (mark && slot) takeOut(slot);
        content.textContent = "";
      }
      const show = (next?: Node | null) => {
        const props: Record<string, unknown> = {};
        for (const { name, value } of this.attributes) props[propOfAttribute.get(name) ?? name] = value;
        for (const prop of propOfAttribute.values()) props[prop] = own[prop];
        if (children) props.children = children;
        showInRoot(root, createElement(component, props), next);
      };
      const root = createRoot(content, this, { ...options, idPrefix: label?.[1] }, () => show());
      this.#root = root;
      show(label ? content.firstChild : undefined);
      if (!shadowInit) markContent(this, children);
    }

    disconnectedCallback(): void {
      // An element that moves is disconnected and connected in one go, and keeps its state.
      queueMicrotask(() => {
        const root = this.#root;
        if (this.isConnected || !root) return;
        this.#root = undefined;
        dropUpdate(root.instance);
        showInRoot(root, null);
      });
    }

    attributeChangedCallback(name: string): void {
      delete this.#values[propOfAttribute.get(name) as string];
      this.#refresh();
    }

    static {
      for (const [attribute, prop] of propOfAttribute) {
        Object.defineProperty(ComponentElement.prototype, prop, {
          get(this: ComponentElement) {
            return prop in this.#values
              ? this.#values[prop]
              : readProp(declared[prop] as PropType, this.getAttribute(attribute), reportError);
          },
          set(this: ComponentElement, value: unknown) {
            if (Object.is((this as unknown as Record<string, unknown>)[prop], value)) return;
            this.#values[prop] = value;
            this.#refresh();
          },
        });
      }
    }

    #refresh(): void {
      if (this.#root) requestUpdate(this.#root.instance);
    }
  }

  return ComponentElement;
}
