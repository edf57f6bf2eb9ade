import type { ElementOptions } from "@miqro/jsx";
import type { RootOptions } from "../render/root.js";

export type { PropType } from "@miqro/jsx";

/** How a custom element is defined. */
export interface DefineOptions extends ElementOptions, Omit<RootOptions, "idPrefix"> {}

/** A tag that a custom element may have. */
export const customElementName: RegExp = /^[a-z][^\s/>\0A-Z]*-[^\s/>\0A-Z]*$/;
