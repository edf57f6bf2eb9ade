const brand: symbol = Symbol.for("miqro.unsafe-url");

/** A URL that may begin with `javascript:`. */
export interface UnsafeURL {
  readonly brand: symbol;
  readonly url: string;
}

/** HTML for the `srcdoc` of a frame. */
export interface UnsafeHTML extends UnsafeURL {}

/**
 * Allows a URL that begins with `javascript:`. Without this function, such a URL is refused. Never pass a URL of a
 * user.
 *
 * @param url the URL, which is written to the page unchanged
 */
export function unsafeURL(url: string): UnsafeURL {
  return { brand, url };
}

/**
 * Allows HTML as the `srcdoc` of a frame. Without this function, every `srcdoc` is refused, because its scripts have
 * the same rights as the scripts of the page. Never pass HTML of a user.
 *
 * @param html the HTML, which is written to the page unchanged
 */
export function unsafeHTML(html: string): UnsafeHTML {
  return unsafeURL(html);
}

// SVG animations can set the URL of an attribute through `to`, `from`, `by` and `values`.
const urlNames = /(href|action)$|^(src|data|to|from|by|values)$/i;
const documentName = /^srcdoc$/i;

/** Tells whether the value of an attribute could run code: a URL, or HTML in `srcdoc`. */
export function isScriptable(name: string): boolean {
  return urlNames.test(name) || documentName.test(name);
}

// The attribute `values` contains several values, separated by semicolons.
const scriptURL = /(^|;)javascript:/i;

/**
 * For these attributes, `true` and `false` are written as words. For all others, `true` sets the attribute and `false`
 * removes it.
 */
const enumerated = /^(aria-|data-|contente|drag|spell|writ)/i;

// Has no prototype, because a prop may have any name, such as `constructor`.
const names: Readonly<Record<string, string>> = {
  __proto__: null as never,
  className: "class",
  htmlFor: "for",
  defaultValue: "value",
  defaultChecked: "checked",
  defaultSelected: "selected",
  "xlink:href": "href",
};

/** Tells whether HTML allows the name of an attribute. Props with other names are left out, with a warning. */
export function isAttributeName(name: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the standard forbids them in names.
  return /^[^\s"'<>/=\0-\x1f\x7f]+$/.test(name);
}

/** Returns the name of the attribute that a prop sets, such as `class` for `className`. */
export function toAttributeName(prop: string): string {
  return names[prop] ?? prop;
}

/**
 * Returns the value of an attribute as a string.
 *
 * @param name the name of the attribute
 * @param value `true` becomes an empty string and `false` leaves the attribute out, unless the attribute accepts the
 *   words `true` and `false`
 * @returns `undefined` if the attribute is left out. A `javascript:` URL, and any `srcdoc`, becomes
 *   `about:blank#blocked`, unless it comes from `unsafeURL` or `unsafeHTML`.
 */
export function toAttributeText(name: string, value: unknown): string | undefined {
  const type = typeof value;
  if (type === "boolean" && !enumerated.test(name)) return value ? "" : undefined;
  if (value === null || value === undefined || type === "function" || type === "symbol") return undefined;
  if (type === "object" && (value as UnsafeURL).brand === brand) return (value as UnsafeURL).url;
  const text = String(value);
  // Browsers ignore control characters and spaces at the start of a URL, and tabs and line breaks anywhere in it.
  return documentName.test(name) || (urlNames.test(name) && scriptURL.test(text.replace(/[\0- \s]/g, "")))
    ? "about:blank#blocked"
    : text;
}
