import { type Props, toAttributeName, toAttributeText, toStyleName } from "@miqro/jsx";
import { setListener } from "./listener.js";
import type { Part } from "./part.js";
import { collectError } from "./scheduler.js";

/** What the user changes, so that the attribute only says how it began. */
const liveProperties = new Set(["value", "checked", "selected", "muted", "indeterminate", "srcObject"]);

/** Props that are no attributes; the reconciler sees to them. */
const reserved = /^(?:key|ref|children|is|innerHTML|dangerouslySetInnerHTML)$/;

/** Gives one prop to the element of a part. */
function setProperty(part: Part, name: string, before: unknown, value: unknown, hydrates: boolean): void {
  const dom = part.dom as HTMLElement & Record<string, unknown>;
  if (liveProperties.has(name) && name in dom) {
    // Compared with the page, not with the last render: the user may have typed since. While hydrating, what the server
    // wrote as an attribute holds until the user does so.
    const next = value ?? (name === "value" ? "" : null);
    if (!hydrates && dom[name] !== next) dom[name] = next;
    // Without a value, the attribute says what a form is reset to.
    if (next || name !== "value") return;
  }
  if (before === value) return;
  if (/^on/i.test(name)) setListener(part, name, value);
  else if (name === "style") setStyle(dom.style, before, value);
  else if (isCustomProperty(dom, name, value)) dom[name] = value;
  else if (!reserved.test(name)) {
    const attribute = toAttributeName(name);
    const text = toAttributeText(attribute, value);
    if (text === undefined) dom.removeAttribute(attribute);
    else if (!hydrates || dom.getAttribute(attribute) !== text) dom.setAttribute(attribute, text);
  }
}

// The object model of CSS, and not the attribute: a content security policy may forbid inline styles.
function setStyle(style: CSSStyleDeclaration, before: unknown, value: unknown): void {
  if (typeof before === "string") style.cssText = "";
  if (typeof value === "string") {
    style.cssText = value;
    return;
  }
  const old = (before ?? {}) as Props;
  const next = (value ?? {}) as Props;
  // The letters of a text that was there before have numbers as names, which no property has.
  for (const name in { ...old, ...next }) {
    const item = next[name] ?? false;
    if (old[name] === item) continue;
    const property = toStyleName(name);
    const text = typeof item === "boolean" ? "" : String(item);
    // A number is a length in pixels where the property takes no number.
    const unit = typeof item === "number" && !CSS.supports(property, text) ? "px" : "";
    style.setProperty(property, text + unit);
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
  const change = (name: string) => {
    try {
      // A polluted `Object.prototype` must not reach the page.
      if (Object.hasOwn(name in after ? after : before, name))
        setProperty(part, name, before[name], after[name], hydrates);
    } catch (error) {
      // What an element refuses, such as the name of an attribute, is no reason to stop.
      collectError(error);
    }
  };
  const live: string[] = [];
  for (const name in before) if (!(name in after)) change(name);
  for (const name in after) {
    if (liveProperties.has(name)) live.push(name);
    else if (before[name] !== after[name]) change(name);
  }
  // What the user changes depends on the other attributes: the value of a range is cut to its limits.
  live.forEach(change);
}
