/** The ways in which a page uses a URL of an untrusted author. */
export type URLUse = "link" | "image";

const schemes: Readonly<Record<URLUse, ReadonlySet<string>>> = {
  link: new Set(["http", "https", "mailto"]),
  image: new Set(["http", "https"]),
};

/**
 * The URL in the form in which it may be written to an attribute, after escaping.
 * @param url the URL with decoded character references
 * @returns the URL with illegal characters encoded; `undefined` if it is neither relative nor has a harmless scheme
 */
export function toSafeURL(url: string, use: URLUse): string | undefined {
  // A colon in this part ends a scheme. Browsers remove some invisible characters from a scheme. A scheme with such a
  // character is not one of the harmless schemes.
  const [start = ""] = url.split(/[/?#]/, 1);
  const colon = start.indexOf(":");
  if (colon !== -1 && !schemes[use].has(start.slice(0, colon).toLowerCase())) return undefined;
  try {
    return encodeURI(url).replaceAll(/%25(?=[\da-fA-F]{2})/g, "%");
  } catch {
    // One half of a surrogate pair.
    return undefined;
  }
}
