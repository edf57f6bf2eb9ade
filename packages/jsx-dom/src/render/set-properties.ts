import { type Props, toAttributeName, toAttributeText, toStyleName, toStyleValue } from "@miqro/jsx";
import { setListener } from "./listener.js";
import type { Part } from "./part.js";
import { collectError } from "./scheduler.js";

/** What the user changes, so that the attribute only says how it began. */
const liveProperties = /^(?:value|checked|selected|muted|indeterminate|srcObject)$/;

/** Props that are no attributes; the reconciler sees to them. */
const reserved = /^(?:key|ref|children|innerHTML|dangerouslySetInnerHTML)$/;

/** Gives one prop to the element of a part. */
function setProperty(part: Part, name: string, before: unknown, value: unknown): void {
  const dom = part.dom as Element & Record<string, unknown>;
  if (liveProperties.test(name) && name in dom) {
    // Compared with the page, not with the last render: the user may have typed since.
    const next = value ?? (name === "value" ? "" : null);
    if (dom[name] !== next) dom[name] = next;
    if (name !== "value" || (value ?? null) !== null) return;
  }
  if (before === value || reserved.test(name)) return;
  if (/^on/i.test(name)) setListener(part, name, value);
  else if (name === "style") setStyle(dom, before, value);
  else if (isCustomProperty(dom, name, value)) dom[name] = value;
  else {
    const attribute = toAttributeName(name);
    const text = toAttributeText(attribute, value);
    if (text === undefined) dom.removeAttribute(attribute);
    else dom.setAttribute(attribute, text);
  }
}

function toStyleObject(style: unknown): Props {
  return typeof style === "object" && style !== null ? (style as Props) : {};
}

// The object model of CSS, and not the attribute: a content security policy may forbid inline styles.
function setStyle(dom: Element, before: unknown, value: unknown): void {
  const { style } = dom as HTMLElement;
  if (typeof value === "string" || typeof before === "string")
    style.cssText = typeof value === "string" ? value : "";
  const old = toStyleObject(before);
  const next = toStyleObject(value);
  for (const name of Object.keys({ ...old, ...next })) {
    if (old[name] !== next[name]) style.setProperty(toStyleName(name), toStyleValue(name, next[name]));
  }
}

/** Custom elements take what they declare, and every object, as properties. */
function isCustomProperty(dom: Element, name: string, value: unknown): boolean {
  return (
    dom.localName.includes("-") &&
    !(name in HTMLElement.prototype) &&
    (name in dom || (typeof value === "object" && value !== null) || typeof value === "function")
  );
}

/** Gives the props of a render to the element of a part. */
export function setProperties(part: Part, before: Props, after: Props): void {
  const change = (name: string) => {
    try {
      setProperty(part, name, before[name], after[name]);
    } catch (error) {
      // What an element refuses, such as the name of an attribute, is no reason to stop.
      collectError(error);
    }
  };
  const names = Object.keys({ ...before, ...after });
  for (const name of names) if (!liveProperties.test(name)) change(name);
  // What the user changes depends on the other attributes: the value of a range is cut to its limits.
  for (const name of names) if (liveProperties.test(name)) change(name);
}
