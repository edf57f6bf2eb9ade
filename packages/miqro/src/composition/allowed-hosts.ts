import { isIP } from "node:net";

/**
 * The reason why a request with this `Host` is refused; undefined if it is answered. A page of another site can let its
 * own name point to this machine. It cannot do so with a local name or an IP address.
 */
export function whyHostRefused(host: string | undefined, allowed: readonly string[]): string | undefined {
  // A browser always sends one.
  if (host === undefined) return undefined;
  const name = hostName(host);
  if (isIP(name) !== 0 || name === "localhost" || name.endsWith(".localhost")) return undefined;
  if (allowed.some((one) => hostName(one) === name)) return undefined;
  return (
    `The host "${name}" is not allowed: --watch answers only local names and IP addresses. ` +
    `To allow it, write --allowed-host ${name}, or "allowedHosts": ["${name}"] in miqro.json.`
  );
}

/**
 * Whether pages of an origin may read the app in development, if no service has a `cors.ts`: pages of this machine, and
 * of allowed hosts. An IP address may belong to anybody.
 */
export function isOriginAllowed(origin: string, allowed: readonly string[]): boolean {
  if (!URL.canParse(origin)) return false;
  const name = hostName(new URL(origin).host);
  return (
    /^(?:(?:.+\.)?localhost|127\.\d+\.\d+\.\d+|::1)$/.test(name) ||
    allowed.some((one) => hostName(one) === name)
  );
}

/** The host name in a `Host` header, without port, brackets and a final dot. */
function hostName(host: string): string {
  return host
    .replace(/:\d*$/, "")
    .replace(/^\[(.*)\]$/, "$1")
    .replace(/\.$/, "")
    .toLowerCase();
}
