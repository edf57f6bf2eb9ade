import {
  attributeOfProp,
  type ComponentInstance,
  type ElementOptions,
  type JSXNode,
  type Props,
  type PropType,
  readProp,
  toAttributeName,
  toAttributeText,
} from "@miqro/jsx";
import { toStyleText } from "../escape/style-text.js";
import { findProp } from "./prop.js";

/** The data of a custom element: the attributes to write, and the props that its component gets from them. */
export interface HostProps {
  readonly attributes: Readonly<Record<string, string>>;
  readonly props: Record<string, unknown>;
}

/** The text of a declared prop. Objects are written as JSON. */
function declaredText(type: PropType, name: string, value: unknown): string | undefined {
  if (value === null || value === undefined) return undefined;
  if (typeof value === "object" || (type === "json" && typeof value === "boolean"))
    return JSON.stringify(value);
  return toAttributeText(name, value);
}

function undeclaredText(name: string, value: unknown): string | undefined {
  if (name === "style") return toStyleText(value) || undefined;
  return typeof value === "object" && value !== null && !("brand" in value)
    ? undefined
    : toAttributeText(name, value);
}

/**
 * Converts the props of a custom element as its page will read them: through attributes.
 *
 * @param warn called with the name of each prop that an attribute cannot carry
 * @param warnOfName called with each name that no attribute can have
 */
export function toHostProps(
  given: Props,
  options: ElementOptions,
  warn: (prop: string) => void,
  warnOfName: (name: string) => void,
): HostProps {
  const declared = options.props ?? {};
  const attributes: Record<string, string> = {};
  const propOfAttribute = new Map(Object.keys(declared).map((prop) => [attributeOfProp(prop), prop]));
  for (const [prop, value] of Object.entries(given)) {
    const name = Object.hasOwn(declared, prop) ? attributeOfProp(prop) : toAttributeName(prop).toLowerCase();
    const declaredProp = propOfAttribute.get(name);
    const { use } = findProp(prop);
    if (declaredProp === undefined && use !== "attribute" && name !== "style") {
      if (use === "invalid") warnOfName(prop);
      continue;
    }
    const text =
      declaredProp === undefined
        ? undeclaredText(name, value)
        : declaredText(declared[declaredProp] ?? "string", name, value);
    if (text !== undefined) attributes[name] = text;
    else if (typeof value === "object" ? value !== null : typeof value === "function") warn(prop);
  }
  const props: Record<string, unknown> = {};
  for (const [name, text] of Object.entries(attributes)) if (!propOfAttribute.has(name)) props[name] = text;
  for (const [name, prop] of propOfAttribute) {
    const value = readProp(declared[prop] ?? "string", attributes[name] ?? null, () => warn(prop));
    if (value !== undefined) props[prop] = value;
  }
  return { attributes, props };
}

/** The attributes of the template from which a parser makes the shadow root. */
export function shadowAttributes(init: Exclude<ElementOptions["shadowInit"], false | undefined>): string {
  let text = ` shadowrootmode="${init.mode === "closed" ? "closed" : "open"}"`;
  for (const name of ["delegatesFocus", "clonable", "serializable"]) {
    if (init[name] === true) text += ` shadowroot${name.toLowerCase()}`;
  }
  return text;
}

/** The children that were given to a custom element without shadow root, at the position that its component chooses. */
export class HostChildren {
  readonly label: string;
  readonly children: JSXNode;
  /** The nearest component around the position where the children were given. */
  readonly above: ComponentInstance;

  constructor(label: string, children: JSXNode, above: ComponentInstance) {
    this.label = label;
    this.children = children;
    this.above = above;
  }
}
