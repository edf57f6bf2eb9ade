import { createRequire } from "../platform/builtins.js";
import { BareObject } from "./query.js";
import type { CookieOptions, Cookies } from "./types.js";

let library: typeof import("cookie") | undefined;

// Loaded with the first cookie that is read or set.
function load(): typeof import("cookie") {
  library ??= createRequire(import.meta.url)("cookie") as typeof import("cookie");
  return library;
}

/** Reads a `Cookie` header. */
export function readCookies(header: string | undefined): Cookies {
  const cookies = new BareObject() as Cookies;
  if (header === undefined) return cookies;
  for (const [name, value] of Object.entries(load().parseCookie(header))) {
    if (value !== undefined && name !== "__proto__") cookies[name] = value;
  }
  return cookies;
}

/** Writes a `Set-Cookie` header. Throws when a name or an attribute cannot be written. */
export function writeCookie(name: string, value: string, options: CookieOptions): string {
  return load().stringifySetCookie(name, value, options);
}
