/** The ways in which a page may use a URL that strangers wrote. */
export type UrlUse = "link" | "image";

const schemes: Readonly<Record<UrlUse, ReadonlySet<string>>> = {
  link: new Set(["http", "https", "mailto"]),
  image: new Set(["http", "https"]),
};

/**
 * The URL as it may be written to an attribute, once escaped.
 * @param url with its character references decoded
 * @returns the URL with illegal characters encoded, or `undefined` when it is neither relative nor of a scheme that
 * does no harm
 */
export function toSafeUrl(url: string, use: UrlUse): string | undefined {
  // A colon this early ends a scheme. Browsers drop some invisible characters from it; with any, it is none of these.
  const [start = ""] = url.split(/[/?#]/, 1);
  const colon = start.indexOf(":");
  if (colon !== -1 && !schemes[use].has(start.slice(0, colon).toLowerCase())) return undefined;
  try {
    return encodeURI(url).replaceAll(/%25(?=[\da-fA-F]{2})/g, "%");
  } catch {
    // Half of a surrogate pair.
    return undefined;
  }
}
