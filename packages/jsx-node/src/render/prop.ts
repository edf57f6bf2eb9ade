import { isAttributeName, isScriptable, type Props, toAttributeName, toAttributeText } from "@miqro/jsx";
import { createBoundedCache } from "./bounded-cache.js";
import { type Literal, toLiteral } from "./page-bytes.js";

/**
 * The writer's action for a prop: write an attribute, write a style, keep it as raw HTML, leave it out, or leave it out
 * with a warning since no attribute can have its name.
 */
export type PropUse = "attribute" | "style" | "html" | "none" | "invalid";

/** The name of an attribute in the forms in which it is written in a tag. */
export interface AttributeName {
  /** ` name`, for an attribute without a value. */
  readonly bare: Literal;
  /** ` name="`. */
  readonly opening: Literal;
}

function createAttributeName(name: string): AttributeName {
  return { bare: toLiteral(` ${name}`), opening: toLiteral(` ${name}="`) };
}

/** The writer's data about a prop. */
export interface Prop {
  readonly use: PropUse;
  /** The name of its attribute. */
  readonly name: string;
  /** The text for an element of HTML, where names are in lower case. */
  readonly html: AttributeName;
  /** The text for an element of SVG or MathML, where case counts. */
  readonly foreign: AttributeName;
  /** The kind of code in the text that a browser could run, if any. */
  readonly danger: string | undefined;
  /** Another prop that sets the same attribute, if there is one. */
  readonly twin: string | undefined;
}

function useOf(prop: string): PropUse {
  // Handlers are functions, which HTML cannot hold, and text must never become a handler.
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
    // A URL that runs code has a colon. If even the text `x` is refused, every text is refused.
    danger: isScriptable(name) ? (toAttributeText(name, "x") === "x" ? ":" : "") : undefined,
    twin: prop === name.toLowerCase() ? undefined : name.toLowerCase(),
  };
}

/** The writer's data about a prop. */
export const findProp: (prop: string) => Prop = createBoundedCache(createProp);

/** An own prop of an element. Inherited props are never written. */
export function ownProp(props: Props, name: string): unknown {
  return Object.hasOwn(props, name) ? props[name] : undefined;
}

/** The HTML that replaces the children of an element. */
export function innerHTMLOf(props: Props): string | undefined {
  const unsafe = ownProp(props, "dangerouslySetInnerHTML") as { __html?: unknown } | null | undefined;
  const html = ownProp(props, "innerHTML") ?? unsafe?.__html;
  return html === undefined || html === null ? undefined : String(html);
}

/**
 * The text of an attribute.
 *
 * @param custom true for a custom element: objects are for its properties, which HTML cannot hold
 */
export function attributeTextOf(name: string, value: unknown, custom: boolean): string | undefined {
  if (custom && typeof value === "object" && value !== null && !("brand" in value)) return undefined;
  return toAttributeText(name, value);
}
