import { type AnyComponent, JSXError, recordElement } from "@miqro/jsx";

import { forPage } from "../for-page.js";
import { createElementClass } from "./component-element.js";
import { customElementName, type DefineOptions } from "./define-options.js";

/**
 * Defines a custom element that renders a component. The component gets the attributes as props, as strings, and the
 * declared `props` with their types. Without a browser, the definition is only recorded.
 *
 * @param tag the name of the element, in lower case and with a hyphen
 * @param component the component that the element renders
 * @param options attributes to observe, shadow root, styles and props
 * @throws JSXError `JSX_INVALID_TAG` if no custom element may have this name. The browser throws other errors for
 *   invalid names, and for a tag that is already defined.
 */
export function define(tag: string, component: AnyComponent, options: DefineOptions = {}): void {
  if (forPage || typeof customElements !== "undefined") {
    customElements.define(tag, createElementClass(component, options), options as ElementDefinitionOptions);
  } else if (customElementName.test(tag)) {
    recordElement({ tag, component, options });
  } else {
    throw new JSXError("JSX_INVALID_TAG", tag);
  }
}
