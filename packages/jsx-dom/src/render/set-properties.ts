import { type Props, toAttributeName, toAttributeText, toStyleName, toStyleValue } from "@miqro/jsx";
import { forPage } from "../for-page.js";
import { type Field, isLive, liveProperties, setLive } from "./field.js";
import { warn } from "./hydration.js";
import { setListener } from "./listener.js";
import { mayOwn } from "./may-own.js";
import type { Part } from "./part.js";
import { afterBatch, collectError } from "./scheduler.js";

/** Props that are not attributes. The reconciler uses them. */
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
  // `defaultValue` of a select sets the selected options, and of a textarea its text. HTML has no attribute for them.
  else if (name === "defaultValue" && dom.options) {
    if (before === undefined && !hydrates) afterBatch(() => setLive(dom, "value", value));
  } else if (name === "defaultValue" && dom.type === "textarea") dom[name] = (value ?? "") as string;
  else if (
    !mayOwn(dom, name) ||
    !(name in dom || Object(value) === value) ||
    // If a property is read-only, such as `form`, sets the attribute instead.
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
        // Code 5 is InvalidCharacterError: the name cannot be an attribute. Other errors come from a policy of the
        // page, such as Trusted Types.
        if ((error as DOMException).code !== 5) throw error;
        if (!forPage) {
          console.warn(
            `${JSON.stringify(name)} is left out of <${dom.localName}>, because it is not a valid name of an attribute.`,
          );
        }
      }
    }
  }
}

type StyleProp = Props | string | null | undefined;

// Sets `element.style` instead of the attribute, because a Content Security Policy may forbid inline styles.
function setStyle(style: CSSStyleDeclaration, before: StyleProp, value: StyleProp): void {
  // If `value` is an object, this removes the old style, because `String(value)` is not valid CSS.
  const isText = typeof value === "string";
  if (isText || typeof before === "string") style.cssText = value as string;
  if (isText) return;
  // If the earlier style was a string, the spread adds a property for each character, such as `0` or `1`. No property
  // of CSS has such a name.
  for (const name in { ...(before as Props), ...value }) {
    const item = value?.[name];
    if ((before as Props | null)?.[name] !== item) {
      const property = toStyleName(name);
      const [text = "", priority] = toStyleValue(property, item).split(/\s*!\s*(?=important$)/i);
      style.setProperty(property, text, priority);
    }
  }
}

/** Removes attributes that a server wrote and no prop sets. */
export function removeAttributes(dom: Element, props: Props): void {
  // Keeps `selected`, which the select sets later, and `open`, because the user may have opened a `<details>` or a
  // dialog.
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
    // In most renders the props are equal. Comparing them here saves a function call.
    if (hydrates || before[name] !== after[name] || liveProperties.has(name))
      setOwn(part, name, before, after, hydrates, live);
  }
  return live;
}
