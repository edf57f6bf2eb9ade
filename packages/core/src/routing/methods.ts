import { ArgumentError } from "../errors.js";
import { http } from "../platform/builtins.js";

/** Means every method of HTTP. */
export const allMethods = "ALL";

/** WebSocket upgrades run through the pipeline with this method. No client can send it. */
export const upgradeMethod = "(upgrade)";

const known: ReadonlySet<string> = new Set(http.METHODS);

/** Whether Node accepts requests with this method. */
export function isMethod(method: string): boolean {
  return known.has(method);
}

/** Parses the methods of a route, in any case. */
export function parseMethods(method: string | readonly string[]): string[] {
  const list = typeof method === "string" ? [method] : [...method];
  if (list.length === 0) throw new ArgumentError("A route needs at least one method.");
  return list.map((name) => {
    const upper = String(name).toUpperCase();
    if (upper !== allMethods && !known.has(upper)) {
      throw new ArgumentError(`"${name}" is not a method of HTTP: use GET, POST, PUT, PATCH, DELETE, ALL...`);
    }
    return upper;
  });
}

/** Whether a route with these methods runs for a request with this method. */
export function fitsMethod(methods: readonly string[], method: string): boolean {
  if (method === upgradeMethod) return methods.includes(upgradeMethod);
  return (
    methods.includes(method) || methods.includes(allMethods) || (method === "HEAD" && methods.includes("GET"))
  );
}

/** Writes an `Allow` header. */
export function toAllow(methods: ReadonlySet<string>): string {
  const all = new Set(methods);
  if (all.has("GET")) all.add("HEAD");
  all.add("OPTIONS");
  return [...all].sort().join(", ");
}
