const brand: symbol = Symbol.for("miqro.unsafe-url");

/** A URL that may begin with `javascript:`. */
export interface UnsafeURL {
  readonly brand: symbol;
  readonly url: string;
}

/** HTML for the `srcdoc` of a frame. */
export interface UnsafeHTML extends UnsafeURL {}

/**
 * Lets a URL begin with `javascript:`, which is refused otherwise. Never give it what a user wrote.
 *
 * @param url the URL, as it is to be written
 */
export function unsafeURL(url: string): UnsafeURL {
  return { brand, url };
}

/**
 * Gives a frame its document, as its `srcdoc`, which is refused otherwise: its scripts run as those of the page. Never
 * give it what a user wrote.
 *
 * @param html the document, as it is to be written
 */
export function unsafeHTML(html: string): UnsafeHTML {
  return unsafeURL(html);
}

// What animates an attribute in SVG can give it a URL too.
const urlNames = /(href|action)$|^(src|data|to|from|by|values)$/i;
const documentName = /^srcdoc$/i;

/** Tells whether a browser could run what an attribute holds: a URL, or a document. */
export function isScriptable(name: string): boolean {
  return urlNames.test(name) || documentName.test(name);
}

// Values are a list.
const scriptURL = /(^|;)javascript:/i;

/** Attributes for which `true` and `false` are two values, and not presence and absence. */
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

/** Tells whether HTML allows an attribute of that name; one that it does not is left out, with a warning. */
export function isAttributeName(name: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the standard forbids them in names.
  return /^[^\s"'<>/=\0-\x1f\x7f]+$/.test(name);
}

/** The name of the attribute that a prop sets, where it has another one in HTML or, by now, in SVG. */
export function toAttributeName(prop: string): string {
  return names[prop] ?? prop;
}

/**
 * The text of an attribute.
 *
 * @param name the name of the attribute
 * @param value `true` gives an empty text and `false` none, except where these are words of the attribute
 * @returns `undefined` when the attribute is to be left out. A `javascript:` URL, and any `srcdoc`, becomes
 * `about:blank#blocked`, unless it comes from `unsafeURL` or `unsafeHTML`.
 */
export function toAttributeText(name: string, value: unknown): string | undefined {
  const type = typeof value;
  if (type !== "string") {
    if (type === "boolean" && !enumerated.test(name)) return value ? "" : undefined;
    if (value === null || value === undefined || type === "function" || type === "symbol") return undefined;
    if ((value as UnsafeURL).brand === brand) return (value as UnsafeURL).url;
  }
  const text = String(value);
  // Browsers skip leading control characters and spaces, and tabs and line breaks anywhere.
  return documentName.test(name) || (urlNames.test(name) && scriptURL.test(text.replace(/[\0- \s]/g, "")))
    ? "about:blank#blocked"
    : text;
}
