const brand: symbol = Symbol.for("miqro.unsafe-url");

/** A URL that may begin with `javascript:`. */
export interface UnsafeURL {
  readonly brand: symbol;
  readonly url: string;
}

/** HTML for the `srcdoc` of a frame. */
export interface UnsafeHTML extends UnsafeURL {}

/**
 * Lets a URL begin with `javascript:`, which is refused otherwise. Never give it a URL of a user.
 *
 * @param url the URL, as it is written to the page
 */
export function unsafeURL(url: string): UnsafeURL {
  return { brand, url };
}

/**
 * Allows a document as the `srcdoc` of a frame, which is refused otherwise: its scripts have the rights of the page's
 * own scripts. Never give it HTML of a user.
 *
 * @param html the document, as it is written to the page
 */
export function unsafeHTML(html: string): UnsafeHTML {
  return unsafeURL(html);
}

// SVG elements that animate an attribute can set a URL too.
const urlNames = /(href|action)$|^(src|data|to|from|by|values)$/i;
const documentName = /^srcdoc$/i;

/** Tells whether a browser could run the value of an attribute: a URL, or a document. */
export function isScriptable(name: string): boolean {
  return urlNames.test(name) || documentName.test(name);
}

// `values` holds several values.
const scriptURL = /(^|;)javascript:/i;

/** Attributes for which `true` and `false` are two values, instead of presence and absence. */
const enumerated = /^(aria-|data-|contente|drag|spell|writ)/i;

// Without a prototype: a prop may have any name.
const names: Readonly<Record<string, string>> = {
  __proto__: null as never,
  className: "class",
  htmlFor: "for",
  defaultValue: "value",
  defaultChecked: "checked",
  defaultSelected: "selected",
  "xlink:href": "href",
};

/** Tells whether HTML allows an attribute of that name. A prop with another name is left out, with a warning. */
export function isAttributeName(name: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the standard forbids them in names.
  return /^[^\s"'<>/=\0-\x1f\x7f]+$/.test(name);
}

/** The attribute that a prop sets, if HTML or SVG calls it by another name. */
export function toAttributeName(prop: string): string {
  return names[prop] ?? prop;
}

/**
 * The text of an attribute.
 *
 * @param name the name of the attribute
 * @param value `true` gives an empty string and `false` no attribute, unless the attribute takes these words
 * @returns `undefined` if the attribute is left out. A `javascript:` URL, and any `srcdoc`, becomes
 *   `about:blank#blocked`, unless it comes from `unsafeURL` or `unsafeHTML`.
 */
export function toAttributeText(name: string, value: unknown): string | undefined {
  const type = typeof value;
  if (type !== "string") {
    if (type === "boolean" && !enumerated.test(name)) return value ? "" : undefined;
    if (value === null || value === undefined || type === "function" || type === "symbol") return undefined;
    if ((value as UnsafeURL).brand === brand) return (value as UnsafeURL).url;
  }
  const text = String(value);
  // Browsers ignore control characters and spaces at the start of a URL, and tabs and line breaks anywhere in it.
  return documentName.test(name) || (urlNames.test(name) && scriptURL.test(text.replace(/[\0- \s]/g, "")))
    ? "about:blank#blocked"
    : text;
}
