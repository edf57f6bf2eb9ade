/**
 * How a declared prop is read from its attribute: `string` as it is, `number` and `boolean` (true when the attribute
 * is there, whatever it says, save `"false"`), `json` as a JSON value.
 */
export type PropType = "string" | "number" | "boolean" | "json";

/** How a custom element is defined. */
export interface DefineOptions {
  /** The attributes that render the component again when they change; those of `props` are among them anyway. */
  readonly observedAttributes?: readonly string[];
  /** How the shadow root is made, `{ mode: "open" }` by default; `false` renders into the element itself. */
  readonly shadowInit?: false | { readonly mode: "open" | "closed"; readonly [option: string]: unknown };
  /** The CSS of the element: in its shadow root, or, without one, in the document or shadow root around it. */
  readonly styles?: string | readonly string[];
  /**
   * Props that the element also has as properties. The attribute of a prop has its name in lower case, with hyphens:
   * `maxItems` is `max-items`.
   */
  readonly props?: Readonly<Record<string, PropType>>;
}

/** A tag that a custom element may have. */
export const customElementName: RegExp = /^[a-z][^\s/>\0A-Z]*-[^\s/>\0A-Z]*$/;

/** The attribute of a declared prop. */
export function attributeOfProp(prop: string): string {
  return prop.replace(/[A-Z]/g, "-$&").toLowerCase();
}
