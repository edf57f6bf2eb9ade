import { type Props, toAttributeName, toAttributeText, toStyleName, toStyleValue } from "@miqro/jsx";
import { setListener } from "./listener.js";
import type { Part } from "./part.js";
import { collectError } from "./scheduler.js";

/** What the user changes, so that the attribute only says how it began. */
const liveProperties = new Set(["value", "checked", "selected", "muted", "indeterminate", "srcObject"]);

/** Props that are no attributes; the reconciler sees to them. */
const reserved = /^(?:key|ref|children|is|innerHTML|dangerouslySetInnerHTML)$/;

/** Gives one prop to the element of a part. */
function setProperty(part: Part, name: string, before: unknown, value: unknown, hydrates: boolean): void {
  const dom = part.dom as Element & Record<string, unknown>;
  if (/^on/i.test(name)) setListener(part, name, value);
  else if (name === "style") setStyle(dom, before, value);
  else if (reserved.test(name)) return;
  else if (isCustomProperty(dom, name, value)) dom[name] = value;
  else {
    const attribute = toAttributeName(name);
    const text = toAttributeText(attribute, value) ?? null;
    if (text === null) dom.removeAttribute(attribute);
    else if (!hydrates || dom.getAttribute(attribute) !== text) dom.setAttribute(attribute, text);
  }
}

/**
 * Gives a live prop to the element of a part. It is compared with the page, not with the last render: the user may have
 * typed since. While hydrating, what the server wrote as an attribute holds until the user does so.
 */
function setLive(part: Part, name: string, before: unknown, value: unknown, hydrates: boolean): void {
  const dom = part.dom as Element & Record<string, unknown>;
  const isLive = name in dom;
  if (isLive) {
    const next = value ?? (name === "value" ? "" : null);
    if (dom[name] !== next && !hydrates) dom[name] = next;
  }
  // Without a value, the attribute says what a form is reset to.
  const isGone = name === "value" && (value ?? null) === null;
  if (before !== value && (!isLive || isGone)) setProperty(part, name, before, value, hydrates);
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
  const change = (name: string, set = setProperty) => {
    try {
      // A polluted `Object.prototype` must not reach the page.
      if (Object.hasOwn(name in after ? after : before, name))
        set(part, name, before[name], after[name], hydrates);
    } catch (error) {
      // What an element refuses, such as the name of an attribute, is no reason to stop.
      collectError(error);
    }
  };
  const live: string[] = [];
  for (const name in before)
    if (!(name in after)) change(name, liveProperties.has(name) ? setLive : setProperty);
  for (const name in after) {
    if (liveProperties.has(name)) live.push(name);
    else if (before[name] !== after[name]) change(name);
  }
  // What the user changes depends on the other attributes: the value of a range is cut to its limits.
  for (const name of live) change(name, setLive);
}
