import { type Props, toAttributeName, toAttributeText, toStyleName, toStyleValue } from "@miqro/jsx";
import { setListener } from "./listener.js";
import type { Part } from "./part.js";
import { collectError } from "./scheduler.js";

/** What the user changes, so that the attribute only says how it began. */
const liveProperties = /^(?:value|checked|selected|muted|indeterminate|srcObject)$/;

/** Props that are no attributes; the reconciler sees to them. */
const reserved = /^(?:key|ref|children|is|innerHTML|dangerouslySetInnerHTML)$/;

/** Gives one prop to the element of a part. */
function setProperty(part: Part, name: string, before: unknown, value: unknown, hydrates: boolean): void {
  const dom = part.dom as Element & Record<string, unknown>;
  if (liveProperties.test(name) && name in dom) {
    // Compared with the page, not with the last render: the user may have typed since. While hydrating, what the
    // server wrote as an attribute holds until the user does so.
    const next = value ?? (name === "value" ? "" : null);
    if (dom[name] !== next && !hydrates) dom[name] = next;
    if (name !== "value" || (value ?? null) !== null) return;
  }
  if (before === value || reserved.test(name)) return;
  if (/^on/i.test(name)) setListener(part, name, value);
  else if (name === "style") setStyle(dom, before, value);
  else if (isCustomProperty(dom, name, value)) dom[name] = value;
  else {
    const attribute = toAttributeName(name);
    const text = toAttributeText(attribute, value) ?? null;
    if (text === null) dom.removeAttribute(attribute);
    else if (!hydrates || dom.getAttribute(attribute) !== text) dom.setAttribute(attribute, text);
  }
}

// The object model of CSS, and not the attribute: a content security policy may forbid inline styles.
function setStyle(dom: Element, before: unknown, value: unknown): void {
  const { style } = dom as HTMLElement;
  const isText = typeof value === "string";
  if (isText || typeof before === "string") style.cssText = isText ? value : "";
  const old = Object(typeof before === "string" ? {} : before) as Props;
  const next = Object(isText ? {} : value) as Props;
  for (const name in { ...old, ...next }) {
    if (old[name] !== next[name]) style.setProperty(toStyleName(name), toStyleValue(name, next[name]));
  }
}

/** Custom elements take what they declare, and every object, as properties. */
function isCustomProperty(dom: Element, name: string, value: unknown): boolean {
  return (
    dom.localName.includes("-") &&
    !(name in HTMLElement.prototype) &&
    (name in dom || Object(value) === value)
  );
}

/**
 * Gives the props of a render to the element of a part.
 *
 * @param hydrates true when a server rendered the element: then what is there already is not set again
 */
export function setProperties(part: Part, before: Props, after: Props, hydrates: boolean): void {
  const live: string[] = [];
  const change = (name: string) => {
    try {
      setProperty(part, name, before[name], after[name], hydrates);
    } catch (error) {
      // What an element refuses, such as the name of an attribute, is no reason to stop.
      collectError(error);
    }
  };
  for (const name of Object.keys(before)) if (!(name in after)) change(name);
  for (const name of Object.keys(after)) {
    if (liveProperties.test(name)) live.push(name);
    else if (before[name] !== after[name]) change(name);
  }
  // What the user changes depends on the other attributes: the value of a range is cut to its limits.
  live.forEach(change);
}
