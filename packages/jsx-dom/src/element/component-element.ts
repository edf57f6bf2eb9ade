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
import { labelOf, markContent, markOf, slotOf, takeOut } from "../render/slot.js";
import type { DefineOptions } from "./define-options.js";
import { adoptStyles } from "./element-styles.js";

/** Makes the class of a custom element that renders a component. */
export function createElementClass(
  component: AnyComponent,
  options: DefineOptions,
): CustomElementConstructor {
  const { shadowInit = { mode: "open" }, props: declared = {}, extends: base } = options;
  const propOfAttribute = new Map(Object.keys(declared).map((prop) => [attributeOfProp(prop), prop]));
  const css = [options.styles].flat().join("\n");

  return class ComponentElement extends ((base
    ? document.createElement(base).constructor
    : HTMLElement) as CustomElementConstructor) {
    static readonly formAssociated = options.formAssociated;
    static readonly observedAttributes = [...(options.observedAttributes ?? []), ...propOfAttribute.keys()];

    /**
     * The `ElementInternals`, with which the element sets its form value and its accessibility properties. Customized
     * built-in elements have none.
     */
    readonly internals: ElementInternals | undefined = base ? undefined : this.attachInternals();
    /** The values of declared props that were set as properties. A later change of the attribute replaces the value. */
    readonly #values: Record<string, unknown> = { __proto__: null };
    #root: Part | undefined;
    /** The declared props. */
    [prop: string]: unknown;

    connectedCallback(): void {
      // If a node follows the element or one of its ancestors, the parser has already read the end tag.
      let parsed: Element | undefined = this;
      while (parsed && !parsed.closest(":has(+*)"))
        parsed = (parsed.getRootNode() as Partial<ShadowRoot>).host;
      // Polls with a timer, because a MutationObserver of the document would be called for every parsed node.
      if (!parsed && document.readyState === "loading") setTimeout(() => this.connectedCallback(), 20);
      else if (this.isConnected) this.#connect();
    }

    #connect(): void {
      // `internals` is the only way to find a closed shadow root that the parser created.
      const content = (this.#root?.dom ??
        (shadowInit
          ? (this.shadowRoot ?? this.internals?.shadowRoot ?? this.attachShadow(shadowInit))
          : this)) as Element | ShadowRoot;
      // Also adopts the styles if the element was moved from another document.
      adoptStyles(content.getRootNode() as Document | ShadowRoot, css);
      if (this.#root) return;
      const label = labelOf(content);
      const mark = markOf(this);
      const isGiven = label ? label[2] : (mark ?? this.firstChild);
      const slot = shadowInit ? undefined : slotOf(this, true);
      if (label) content.firstChild?.remove();
      else {
        // Hydrates only content of a server. A copy of an element renders from the start, with the children of the
        // copy.
        if (slot) takeOut(slot);
        content.textContent = "";
      }
      // The style sheet is now adopted, so the `<style>` of the server is no longer needed.
      if (css && content.firstChild?.nodeName === "STYLE") content.firstChild.remove();
      const show = (next?: Node | null) => {
        const props: Record<string, unknown> = {};
        for (const attribute of this.attributes)
          props[propOfAttribute.get(attribute.name) ?? attribute.name] = attribute.value;
        for (const prop of propOfAttribute.values()) {
          // If a property was set before the element was defined, it is an own property and hides the accessor.
          if (Object.hasOwn(this, prop)) {
            this.#values[prop] = this[prop];
            delete this[prop];
          }
          props[prop] = this[prop];
        }
        // Without a shadow root, passes the children of the element to the component.
        if (isGiven && slot) props.children = slot;
        showInRoot(root, createElement(component, props), next);
      };
      const root = createRoot(content, this, { ...options, idPrefix: label?.[1] }, () => show());
      this.#root = root;
      show(label ? content.firstChild : undefined);
      if (slot) markContent(this, slot, isGiven);
    }

    disconnectedCallback(): void {
      // A moved element is disconnected and connected again at once. Waits for a microtask, so that it keeps its state.
      queueMicrotask(() => {
        const root = this.#root;
        if (this.isConnected || !root) return;
        this.#root = undefined;
        root.instance.changes = 0;
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
            if (Object.is(this[prop], value)) return;
            this.#values[prop] = value;
            this.#refresh();
          },
        });
      }
    }

    #refresh(): void {
      if (this.#root) requestUpdate(this.#root.instance);
    }
  };
}
