import { decode } from "./decode.js";

/**
 * Compares a path with a pattern.
 *
 * @param pattern a path. A segment `:name` matches any text, and a last segment `*` matches the rest.
 * @param path the path, as it is in the URL
 * @returns the texts by their names, the rest under `"*"`; `undefined` if the path does not match
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
