import { parseCookie, stringifySetCookie } from "cookie";
import { BareObject } from "./query.js";
import type { CookieOptions, Cookies } from "./types.js";

/** Reads a `Cookie` header. */
export function parseCookies(header: string): Cookies {
  const cookies = new BareObject() as Cookies;
  for (const [name, value] of Object.entries(parseCookie(header))) {
    if (value !== undefined && name !== "__proto__") cookies[name] = value;
  }
  return cookies;
}

/** Writes a `Set-Cookie` header. Throws when a name or an attribute cannot be written. */
export function writeCookie(name: string, value: string, options: CookieOptions): string {
  return stringifySetCookie(name, value, options);
}

/**
 * Adds a `Set-Cookie` header to those of an answer. It replaces an earlier one of the same cookie, because browsers may
 * use either of them (RFC 6265 4.1.1).
 */
export function addCookie(earlier: readonly string[], line: string): string[] {
  const key = toKey(line);
  return [...earlier.filter((other) => toKey(other) !== key), line];
}

// A cookie is known by its name, its domain and its path.
function toKey(line: string): string {
  const read = (attribute: RegExp): string => attribute.exec(line)?.[1] ?? "";
  return [line.slice(0, line.indexOf("=")), read(/;\s*domain=([^;]*)/i), read(/;\s*path=([^;]*)/i)].join(";");
}
