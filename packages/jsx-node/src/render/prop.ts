import { isAttributeName, isScriptable, type Props, toAttributeName, toAttributeText } from "@miqro/jsx";
import { createBoundedCache } from "./bounded-cache.js";
import { type Literal, toLiteral } from "./page-bytes.js";

/**
 * The way in which a prop is written: as an attribute, as a style, as raw HTML, or not at all. `invalid` props are left
 * out with a warning, because no attribute can have their name.
 */
export type PropUse = "attribute" | "style" | "html" | "none" | "invalid";

/** The name of an attribute in two forms, as it is written. */
export interface AttributeName {
  /** The form ` name`, for an attribute without a value. */
  readonly bare: Literal;
  /** ` name="`. */
  readonly opening: Literal;
}

function createAttributeName(name: string): AttributeName {
  return { bare: toLiteral(` ${name}`), opening: toLiteral(` ${name}="`) };
}

/** Cached data about a prop. */
export interface Prop {
  readonly use: PropUse;
  /** The name of its attribute. */
  readonly name: string;
  /** The name for elements of HTML, in lower case. */
  readonly html: AttributeName;
  /** The name for elements of SVG or MathML, where case matters. */
  readonly foreign: AttributeName;
  /**
   * A string that every dangerous value of this attribute contains: empty if all values are dangerous, undefined if no
   * value is.
   */
  readonly danger: string | undefined;
  /** Another prop that sets the same attribute, if any. */
  readonly twin: string | undefined;
}

function useOf(prop: string): PropUse {
  // Handlers are functions, which HTML cannot contain. A string must never become a handler.
  if (/^on/i.test(prop) || /^(?:key|ref|children|indeterminate|srcObject)$/.test(prop)) return "none";
  if (prop === "innerHTML" || prop === "dangerouslySetInnerHTML") return "html";
  if (prop === "style") return "style";
  return isAttributeName(toAttributeName(prop)) ? "attribute" : "invalid";
}

function createProp(prop: string): Prop {
  const name = toAttributeName(prop);
  return {
    use: useOf(prop),
    name,
    html: createAttributeName(name.toLowerCase()),
    foreign: createAttributeName(name),
    // A URL that runs code contains a colon. If `toAttributeText` refuses even `x`, it refuses all values.
    danger: isScriptable(name) ? (toAttributeText(name, "x") === "x" ? ":" : "") : undefined,
    twin: prop === name.toLowerCase() ? undefined : name.toLowerCase(),
  };
}

/** Cached data about a prop. */
export const findProp: (prop: string) => Prop = createBoundedCache(createProp);

/** Returns an own prop of an element. Inherited props are never written. */
export function ownProp(props: Props, name: string): unknown {
  return Object.hasOwn(props, name) ? props[name] : undefined;
}

/** Returns the raw HTML that replaces the children of an element, if any. */
export function innerHTMLOf(props: Props): string | undefined {
  const unsafe = ownProp(props, "dangerouslySetInnerHTML") as { __html?: unknown } | null | undefined;
  const html = ownProp(props, "innerHTML") ?? unsafe?.__html;
  return html === undefined || html === null ? undefined : String(html);
}

/**
 * The text of an attribute.
 *
 * @param custom true for a custom element: its props may be objects, which HTML cannot contain
 */
export function attributeTextOf(name: string, value: unknown, custom: boolean): string | undefined {
  if (custom && typeof value === "object" && value !== null && !("brand" in value)) return undefined;
  return toAttributeText(name, value);
}
