import { type AnyComponent, JSXError, recordElement } from "@miqro/jsx";

import { forPage } from "../for-page.js";
import { createElementClass } from "./component-element.js";
import { customElementName, type DefineOptions } from "./define-options.js";

/**
 * Defines a custom element that renders a component. The component gets the attributes as props: strings, or values of
 * the types in `props`. Without a browser, the definition is only stored for `@miqro/jsx-node`.
 *
 * @param tag the name of the element, in lower case and with a hyphen
 * @param component the component that the element renders
 * @param options attributes to observe, shadow root, styles and props
 * @throws JSXError `JSX_INVALID_TAG` if the tag is not a valid name. The browser throws its own errors for some invalid
 *   names and for a tag that is already defined.
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
