import { isIP } from "node:net";

/**
 * Tells why a request with this `Host` is not answered; undefined if it is. A page of another site can have its own
 * name lead to this machine, but it cannot have it lead here by a local name, or by an address.
 */
export function whyHostRefused(host: string | undefined, allowed: readonly string[]): string | undefined {
  // A browser always sends one.
  if (host === undefined) return undefined;
  const name = hostName(host);
  if (isIP(name) !== 0 || name === "localhost" || name.endsWith(".localhost")) return undefined;
  if (allowed.some((one) => hostName(one) === name)) return undefined;
  return (
    `The host "${name}" is not answered: --watch answers local names and addresses only. ` +
    `To allow it, write --allowed-host ${name}, or "allowedHosts": ["${name}"] in miqro.json.`
  );
}

/**
 * Whether pages of an origin may read what is being developed, where no service says so: pages of this machine, and of
 * allowed hosts. An address may be that of anybody.
 */
export function isOriginAllowed(origin: string, allowed: readonly string[]): boolean {
  if (!URL.canParse(origin)) return false;
  const name = hostName(new URL(origin).host);
  return (
    /^(?:(?:.+\.)?localhost|127\.\d+\.\d+\.\d+|::1)$/.test(name) ||
    allowed.some((one) => hostName(one) === name)
  );
}

/** The name in a `Host` header, without port, brackets and a final dot. */
function hostName(host: string): string {
  return host
    .replace(/:\d*$/, "")
    .replace(/^\[(.*)\]$/, "$1")
    .replace(/\.$/, "")
    .toLowerCase();
}
