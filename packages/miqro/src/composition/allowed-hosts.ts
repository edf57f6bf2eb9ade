import { isIP } from "node:net";

/**
 * Tells why a request with this `Host` is not answered; undefined where it is. A page of another site can have its own
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

/** The name in a `Host` header, without port, brackets and a final dot. */
function hostName(host: string): string {
  return host
    .replace(/:\d*$/, "")
    .replace(/^\[(.*)\]$/, "$1")
    .replace(/\.$/, "")
    .toLowerCase();
}
