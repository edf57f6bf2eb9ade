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
