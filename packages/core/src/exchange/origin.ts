import { ArgumentError } from "../errors.js";
import { describe } from "../options/check-options.js";
import { kHost } from "./internal.js";
import type { ServedRequest } from "./served.js";
import type { Request } from "./types.js";

const defaultPorts: Readonly<Record<string, string>> = { http: "80", https: "443" };
const originForm = /^(https?):\/\/([^/?#@]+)$/i;

/**
 * Whether a request comes from a page of this server, from a page of a listed origin, or from no page at all. Browsers
 * send `Sec-Fetch-Site`, which no page can forge; `Origin` counts if that header is absent. Programs that are not
 * browsers send neither.
 *
 * @param origins Other allowed origins, from `parseOrigins`.
 */
export function isSameOrigin(req: Request, origins: readonly string[] = []): boolean {
  const { origin } = req.headers;
  const site = req.headers["sec-fetch-site"];
  if (origin !== undefined && origins.length > 0 && origins.includes(parseOrigin(origin) ?? "")) return true;
  if (site === "same-origin" || site === "none") return true;
  if (site === "same-site" || site === "cross-site") return false;
  return origin === undefined || isOwnOrigin(req as ServedRequest, origin);
}

/** Whether requests with this method change nothing. */
export function isSafe(method: string): boolean {
  return method === "GET" || method === "HEAD" || method === "OPTIONS";
}

function isOwnOrigin(req: ServedRequest, origin: string): boolean {
  const [, scheme = "", host = ""] = originForm.exec(origin) ?? [];
  // Behind an untrusted proxy that ends TLS, the server always sees `http`.
  if (host === "" || (req.protocol === "https" && scheme.toLowerCase() !== "https")) return false;
  return addPort(scheme, host) === addPort(scheme, req[kHost]);
}

/**
 * Parses origins such as `https://example.org`.
 *
 * @throws {ArgumentError} if a string is not an origin.
 */
export function parseOrigins(origins: string | readonly string[] | undefined): readonly string[] {
  return [origins ?? []].flat().map((origin) => {
    const parsed = parseOrigin(origin);
    if (parsed === undefined) {
      throw new ArgumentError(
        `An origin must be a scheme and a host, such as "https://example.org" or "http://localhost:3000", not ${describe(origin)}.`,
      );
    }
    return parsed;
  });
}

/** Returns the normal form of an origin: lower case, with its port. */
export function parseOrigin(origin: string): string | undefined {
  const [, scheme, host] = originForm.exec(origin) ?? [];
  if (scheme === undefined || host === undefined) return undefined;
  return `${scheme.toLowerCase()}://${addPort(scheme, host)}`;
}

function addPort(scheme: string, host: string): string {
  const lower = host.toLowerCase();
  return /:\d+$/.test(lower) ? lower : `${lower.replace(/:$/, "")}:${defaultPorts[scheme.toLowerCase()]}`;
}
