import { type AnyComponent, JSXError, recordElement } from "@miqro/jsx";

import { forPage } from "../for-page.js";
import { createElementClass } from "./component-element.js";
import { customElementName, type DefineOptions } from "./define-options.js";

/**
 * Defines a custom element that renders a component. Its attributes reach the component as props, as text; the
 * declared `props` reach it with their type. Where there is no browser, the definition is only recorded.
 *
 * @param tag the name of the element, in lower case and with a hyphen
 * @param component what the element renders
 * @param options attributes to observe, shadow root, styles and props
 * @throws JSXError `JSX_INVALID_TAG` when no custom element may have the name; the browser has errors of its own for
 * that, and for a tag that is defined already
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
