import { decode } from "./decode.js";

/**
 * Matches a path against a pattern.
 *
 * @param pattern a path. A segment `:name` matches any segment. A last segment `*` matches the rest of the path.
 * @param path the path from the URL, with its escapes
 * @returns the matched segments by their names, and the rest under `"*"`; `undefined` if the path does not match
 */
export function matchPath(pattern: string, path: string): Readonly<Record<string, string>> | undefined {
  const wanted = pattern.split("/").filter(Boolean);
  const given = path.split("/").filter(Boolean);
  const params: Record<string, string> = {};
  for (const [index, segment] of wanted.entries()) {
    if (segment === "*") return { ...params, "*": given.slice(index).map(decode).join("/") };
    const text = given[index];
    if (text === undefined) return undefined;
    if (segment.startsWith(":")) params[segment.slice(1)] = decode(text);
    else if (segment !== decode(text)) return undefined;
  }
  return wanted.length === given.length ? params : undefined;
}
