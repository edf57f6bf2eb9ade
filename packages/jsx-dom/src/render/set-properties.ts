import { type Props, toAttributeName, toAttributeText, toStyleName, toStyleValue } from "@miqro/jsx";
import { forPage } from "../for-page.js";
import { type Field, isLive, liveProperties, setLive } from "./field.js";
import { warn } from "./hydration.js";
import { setListener } from "./listener.js";
import { mayOwn } from "./may-own.js";
import type { Part } from "./part.js";
import { afterBatch, collectError } from "./scheduler.js";

/** Props that are not attributes. The reconciler handles them. */
const reserved = /^(key|ref|children|is|.*innerHTML)$/i;

function warnOfAttribute(dom: Element, name: string, wanted?: string): void {
  const found = dom.getAttribute(name) ?? undefined;
  if (found === wanted) return;
  const toText = (text: string | undefined) => (text === undefined ? `no ${name}` : `${name}="${text}"`);
  warn(`${toText(wanted)} at <${dom.localName}>`, toText(found));
}

/** Sets one prop of the element of a part. */
function setProperty(part: Part, name: string, before: unknown, value: unknown, hydrates: boolean): void {
  const dom = part.dom as Field;
  if (reserved.test(name)) return;
  if (/^on/i.test(name) && !(mayOwn(dom, name) && name in dom)) setListener(part, name, value);
  else if (name === "style") setStyle(dom.style, hydrates ? "" : (before as StyleProp), value as StyleProp);
  // A select begins with the options that its prop names, and a textarea with its text: neither has an attribute for
  // that.
  else if (name === "defaultValue" && dom.options) {
    if (before === undefined && !hydrates) afterBatch(() => setLive(dom, "value", value));
  } else if (name === "defaultValue" && dom.type === "textarea") dom[name] = (value ?? "") as string;
  else if (
    !mayOwn(dom, name) ||
    !(name in dom || Object(value) === value) ||
    // A read-only property, such as the form of an element, has an attribute.
    !Reflect.set(dom, name, value)
  ) {
    const attribute = toAttributeName(name);
    const text = toAttributeText(attribute, value);
    if (!forPage && hydrates) warnOfAttribute(dom, attribute, text);
    if (text === undefined) dom.removeAttribute(attribute);
    else if (!hydrates || dom.getAttribute(attribute) !== text) {
      try {
        dom.setAttribute(attribute, text);
      } catch (error) {
        // InvalidCharacterError: the name cannot be an attribute. Other errors come from a policy of the page.
        if ((error as DOMException).code !== 5) throw error;
        if (!forPage) {
          console.warn(
            `${JSON.stringify(name)} is left out of <${dom.localName}>, since no attribute can have that name.`,
          );
        }
      }
    }
  }
}

type StyleProp = Props | string | null | undefined;

// Uses the object model of CSS instead of the attribute: a content security policy may forbid inline styles.
function setStyle(style: CSSStyleDeclaration, before: StyleProp, value: StyleProp): void {
  // An object is not CSS text, and leaves no style.
  if (typeof before === "string" || typeof value === "string") style.cssText = value as string;
  if (typeof value === "string") return;
  // If the earlier style was a string, its characters have numbers as names, which no property has.
  for (const name in { ...(before as Props), ...value }) {
    const item = value?.[name];
    if ((before as Props | null)?.[name] === item) continue;
    const property = toStyleName(name);
    const [text = "", priority] = toStyleValue(property, item).split(/\s*!\s*(?=important$)/i);
    style.setProperty(property, text, priority);
  }
}

/** Removes the attributes of the server that no prop sets. */
export function removeAttributes(dom: Element, props: Props): void {
  // The component of a select decides which option is selected. The user may have opened details or a dialog.
  const wanted = ["selected", "open", ...Object.keys(props)].map((name) =>
    toAttributeName(name).toLowerCase(),
  );
  for (const name of dom.getAttributeNames()) {
    if (wanted.includes(name.toLowerCase())) continue;
    if (!forPage) warnOfAttribute(dom, name);
    dom.removeAttribute(name);
  }
}

function setOwn(
  part: Part,
  name: string,
  before: Props,
  after: Props,
  hydrates: boolean,
  live: string[],
): void {
  // A polluted `Object.prototype` must not reach the page.
  if (!Object.hasOwn(name in after ? after : before, name)) return;
  if (isLive(part.dom as Element, name)) live.push(name);
  else if (hydrates || before[name] !== after[name]) {
    try {
      setProperty(part, name, before[name], after[name], hydrates);
    } catch (error) {
      // An error of one property does not stop the others.
      collectError(error);
    }
  }
}

/**
 * Sets the props of a render on the element of a part, except those that the user changes.
 *
 * @param hydrates true if a server rendered the element: existing attributes are then not set again
 * @returns the props that the user changes
 */
export function setProperties(part: Part, before: Props, after: Props, hydrates: boolean): string[] {
  const live: string[] = [];
  for (const name in before) if (!(name in after)) setOwn(part, name, before, after, hydrates, live);
  for (const name in after) {
    // In most renders nothing differs, and no function is called.
    if (hydrates || before[name] !== after[name] || liveProperties.has(name))
      setOwn(part, name, before, after, hydrates, live);
  }
  return live;
}
