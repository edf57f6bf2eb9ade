import { type Props, toAttributeName, toAttributeText, toStyleName } from "@miqro/jsx";
import { forPage } from "../for-page.js";
import { warn } from "./hydration.js";
import { setListener } from "./listener.js";
import type { Part } from "./part.js";
import { afterBatch, collectError } from "./scheduler.js";

/** What the user changes, so that the attribute only says how it began. */
const liveProperties = new Set(["value", "checked", "selected", "muted", "indeterminate", "srcObject"]);

/** Props that are no attributes; the reconciler sees to them. */
const reserved = /^(?:key|ref|children|is|.*innerHTML)$/i;

type Target = HTMLElement & Record<string, unknown>;

/** Tells whether a custom element may take a prop as a property: what it declares, and every object. */
function mayOwn(dom: Element, name: string): boolean {
  return dom.localName.includes("-") && !(name in HTMLElement.prototype);
}

function warnOfAttribute(dom: Element, name: string, wanted?: string): void {
  const found = dom.getAttribute(name) ?? undefined;
  if (found === wanted) return;
  const toText = (text: string | undefined) => (text === undefined ? `no ${name}` : `${name}="${text}"`);
  warn(`${toText(wanted)} at <${dom.localName}>`, toText(found));
}

/** Gives one prop to the element of a part. */
function setProperty(part: Part, name: string, before: unknown, value: unknown, hydrates: boolean): void {
  const dom = part.dom as Target;
  // The value of an option, a button or a progress is its attribute; what can be required has one that the user changes.
  if (liveProperties.has(name) && name in dom && (name !== "value" || "required" in dom)) {
    const next = value ?? null;
    // A prop that is left out leaves the property to the user.
    if ((next ?? before ?? null) === null) return;
    // No server can write these two.
    if (hydrates && !/^in|^sr/.test(name)) {
      part.typed = true;
      afterBatch(() => {
        // Of radio buttons, the one that the user chose speaks. A value may be a number.
        if (String(dom[name]) === String(next) || (dom[name] === false && dom.type !== "checkbox")) return;
        for (const type of ["input", "change"]) dom.dispatchEvent(new Event(type, { bubbles: true }));
      });
    } else {
      part.typed &&= before === value;
      // Compared with the page, not with the last render: the user may have typed since.
      if (!part.typed && dom[name] !== next) dom[name] = next;
    }
  } else if (before === value && !hydrates) return;
  else if (/^on/i.test(name) && !(mayOwn(dom, name) && name in dom)) setListener(part, name, value);
  else if (name === "style") setStyle(dom.style, hydrates ? "" : before, value);
  else if (reserved.test(name)) return;
  else if (mayOwn(dom, name) && (name in dom || Object(value) === value)) dom[name] = value;
  else {
    const attribute = toAttributeName(name);
    const text = toAttributeText(attribute, value);
    if (!forPage && hydrates) warnOfAttribute(dom, attribute, text);
    if (text === undefined) dom.removeAttribute(attribute);
    else if (!hydrates || dom.getAttribute(attribute) !== text) dom.setAttribute(attribute, text);
  }
}

// The object model of CSS, and not the attribute: a content security policy may forbid inline styles.
function setStyle(style: CSSStyleDeclaration, before: unknown, value: unknown): void {
  // An object is no CSS, and leaves nothing there.
  if (typeof before === "string" || typeof value === "string") style.cssText = value as string;
  if (typeof value === "string") return;
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

/** Removes the attributes that a server wrote and no prop stands for. */
export function removeAttributes(dom: Element, props: Props): void {
  const wanted = Object.keys(props).map((name) => dom.getAttributeNode(toAttributeName(name)));
  for (const attribute of [...dom.attributes]) {
    // A select says which option is selected; what is open, the user may have opened.
    if (/^selected$|^open$/.test(attribute.name) || wanted.includes(attribute)) continue;
    if (!forPage) warnOfAttribute(dom, attribute.name);
    dom.removeAttributeNode(attribute);
  }
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
    else if (hydrates || before[name] !== after[name]) change(name);
  }
  // What the user changes depends on the other attributes: the value of a range is cut to its limits.
  live.forEach(change);
}
