import type { BlockList } from "node:net";
import { ArgumentError } from "../errors.js";
import { describe } from "../options/check-options.js";
import { net } from "../platform/builtins.js";
import type { Client, IsTrusted } from "./served.js";

/**
 * The trusted proxies: all, none, a number of proxies, or addresses and networks. They may declare where a request
 * comes from.
 */
export type TrustProxy = boolean | number | readonly string[];

/** Trusts no proxy. Code that would ask for an address can do without it. */
export const trustNone: IsTrusted = () => false;

/** Parses the option once. */
export function createIsTrusted(trust: TrustProxy = false): IsTrusted {
  if (typeof trust === "boolean") return trust ? () => true : trustNone;
  if (typeof trust === "number") {
    if (!Number.isInteger(trust) || trust < 0) {
      throw new ArgumentError(`trustProxy as a number of proxies must be 0, 1, 2 and so on, not ${trust}.`);
    }
    return (_address, distance) => distance < trust;
  }
  if (!Array.isArray(trust)) {
    throw new ArgumentError(
      `trustProxy must be true, false, a number of proxies, or an array such as ["10.0.0.0/8"], not ${describe(trust)}.`,
    );
  }
  const list = new net.BlockList();
  for (const entry of trust) addEntry(list, entry);
  return (address) => {
    const plain = toPlainAddress(address);
    const version = net.isIP(plain);
    return version !== 0 && list.check(plain, version === 6 ? "ipv6" : "ipv4");
  };
}

function addEntry(list: BlockList, entry: unknown): void {
  const [, address = "", bits] = /^([^/%]+)(?:\/(\d{1,3}))?$/.exec(String(entry)) ?? [];
  const plain = toPlainAddress(address);
  const version = net.isIP(plain);
  // The first 96 bits of an IPv4 address that is written as IPv6.
  const width = bits === undefined ? undefined : Number(bits) - (plain === address ? 0 : 96);
  if (version === 0 || (width !== undefined && (width < 0 || width > (version === 6 ? 128 : 32)))) {
    throw new ArgumentError(
      `trustProxy must list addresses and networks such as "10.0.0.0/8"; ${describe(entry)} is neither.`,
    );
  }
  const family = version === 6 ? "ipv6" : "ipv4";
  if (width === undefined) list.addAddress(plain, family);
  else list.addSubnet(plain, width, family);
}

/** Writes an IPv4 address that arrived on an IPv6 socket as IPv4. */
export function toPlainAddress(address: string): string {
  return address.startsWith("::ffff:") && address.includes(".") ? address.slice(7) : address;
}

/** Reads `X-Forwarded-For` from this server outwards, as long as the hops are trusted. */
export function findClient(peer: string, forwarded: string | undefined, isTrusted: IsTrusted): Client {
  let address = toPlainAddress(peer);
  const hops = forwarded?.split(",") ?? [];
  let proxies = 0;
  while (isTrusted(address, proxies)) {
    proxies++;
    const hop = toPlainAddress(dropPort((hops.pop() ?? "").trim()));
    if (net.isIP(hop) === 0) break;
    address = hop;
  }
  return { address, proxies };
}

/**
 * Returns the value that the outermost trusted proxy saw. Each proxy adds its value at the end, so earlier values come
 * from the client. A proxy that replaces the header leaves fewer values; then the first value counts.
 */
export function pickForwarded(list: string, proxies: number): string | undefined {
  if (proxies === 0) return undefined;
  const values = list.split(",");
  return values[Math.max(0, values.length - proxies)]?.trim();
}

// Some proxies also write the port: `1.2.3.4:567`, `[::1]:567`.
function dropPort(hop: string): string {
  const match = /^(?:\[([^\]]*)\]|([\d.]+))(?::\d{1,5})?$/.exec(hop);
  return match?.[1] ?? match?.[2] ?? hop;
}
