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

/** The attributes to write for a custom element, and the props that its component gets. */
export interface HostProps {
  readonly attributes: Readonly<Record<string, string>>;
  readonly props: Record<string, unknown>;
}

/** Returns the attribute value of a declared prop. Objects become JSON. */
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
 * Converts the props of a custom element to the values that the browser later reads from the attributes.
 *
 * @param warn called with the name of each prop whose value cannot be an attribute
 * @param warnOfName called with the name of each prop that cannot be the name of an attribute
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

/** Returns the attributes of the `<template>` from which a parser creates the shadow root. */
export function shadowAttributes(init: Exclude<ElementOptions["shadowInit"], false | undefined>): string {
  let text = ` shadowrootmode="${init.mode === "closed" ? "closed" : "open"}"`;
  for (const name of ["delegatesFocus", "clonable", "serializable"]) {
    if (init[name] === true) text += ` shadowroot${name.toLowerCase()}`;
  }
  return text;
}

/** The children of a custom element without shadow root. Its component renders them at a position of its choice. */
export class HostChildren {
  readonly label: string;
  readonly children: JSXNode;
  /** The nearest component above the custom element. */
  readonly above: ComponentInstance;

  constructor(label: string, children: JSXNode, above: ComponentInstance) {
    this.label = label;
    this.children = children;
    this.above = above;
  }
}
