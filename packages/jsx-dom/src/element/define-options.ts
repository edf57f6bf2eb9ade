import type { ElementOptions } from "@miqro/jsx";
import type { RootOptions } from "../render/root.js";

export type { PropType } from "@miqro/jsx";

/** The options of a custom element. */
export interface DefineOptions extends ElementOptions, Omit<RootOptions, "idPrefix"> {}

/** A valid tag of a custom element. */
export const customElementName: RegExp = /^[a-z][^\s/>\0A-Z]*-[^\s/>\0A-Z]*$/;
