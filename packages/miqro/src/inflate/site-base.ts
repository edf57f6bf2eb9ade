/** The future URL of a static site. */
export interface SiteBase {
  /** The origin, such as `https://example.com`; undefined if only the path is known. */
  readonly origin: string | undefined;
  /** The path, which begins and ends with a slash. */
  readonly path: string;
}

/**
 * Reads `inflateBase`.
 * @returns the error as a sentence, if the value is not valid
 */
export function parseSiteBase(text: string): SiteBase | string {
  const wrong = `inflateBase must be a path such as "/repo/", or a URL such as "https://example.com/repo/", received: "${text}".`;
  const isPath = text.startsWith("/") && !text.startsWith("//");
  if (!isPath && !/^https?:\/\//i.test(text)) return wrong;
  if (!URL.canParse(text, "http://localhost")) return wrong;
  const { origin, pathname, search, hash, username } = new URL(text, "http://localhost");
  if (search + hash + username !== "") return wrong;
  return { origin: isPath ? undefined : origin, path: pathname.replace(/\/*$/, "/") };
}
