import { shared } from "../component/shared.js";
import type { AnyComponent } from "../vnode/vnode.js";
import type { ElementOptions } from "./element-options.js";

/** The definition of a custom element that was defined without a browser. */
export interface RecordedElement {
  readonly tag: string;
  readonly component: AnyComponent;
  readonly options: ElementOptions;
}

/**
 * Stores the definition of a custom element for a renderer on a server. A later definition of the same tag replaces it.
 */
export function recordElement(element: RecordedElement): void {
  shared.elements ??= new Map();
  shared.elements.set(element.tag, element);
}

/** Returns the definition that was stored for a tag. */
export function findRecordedElement(tag: string): RecordedElement | undefined {
  return shared.elements?.get(tag) as RecordedElement | undefined;
}
