import type { BlockList } from "node:net";
import { ArgumentError } from "../errors.js";
import { net } from "../modules.js";

/** Which proxies may say where a request comes from: all, none, that many of them, or these addresses and networks. */
export type TrustProxy = boolean | number | readonly string[];

/** Says whether the hop at an address, `distance` hops away from this server, is a trusted proxy. */
export type IsTrusted = (address: string, distance: number) => boolean;

/** Settles the option once. */
export function createIsTrusted(trust: TrustProxy): IsTrusted {
  if (typeof trust === "boolean") return () => trust;
  if (typeof trust === "number") {
    if (!Number.isInteger(trust) || trust < 0) {
      throw new ArgumentError(`trustProxy as a number counts proxies: 0, 1, 2..., not ${trust}.`);
    }
    return (_address, distance) => distance < trust;
  }
  const list = new net.BlockList();
  for (const entry of trust) addEntry(list, entry);
  return (address) => {
    const plain = toPlainAddress(address);
    const version = net.isIP(plain);
    return version !== 0 && list.check(plain, version === 6 ? "ipv6" : "ipv4");
  };
}

function addEntry(list: BlockList, entry: string): void {
  const [address = "", bits] = entry.split("/");
  const version = net.isIP(address);
  const width = bits === undefined ? undefined : Number(bits);
  const widest = version === 6 ? 128 : 32;
  if (version === 0 || (width !== undefined && !(Number.isInteger(width) && width >= 0 && width <= widest))) {
    throw new ArgumentError(
      `trustProxy lists addresses and networks such as "10.0.0.0/8"; "${entry}" is neither.`,
    );
  }
  const family = version === 6 ? "ipv6" : "ipv4";
  if (width === undefined) list.addAddress(address, family);
  else list.addSubnet(address, width, family);
}

/** Writes an IPv4 address that arrived on an IPv6 socket as IPv4. */
export function toPlainAddress(address: string): string {
  return address.startsWith("::ffff:") && address.includes(".") ? address.slice(7) : address;
}

/** Walks `X-Forwarded-For` from this server outwards, as long as the hops are trusted. */
export function toClientAddress(peer: string, forwarded: string | undefined, isTrusted: IsTrusted): string {
  let address = toPlainAddress(peer);
  if (forwarded === undefined) return address;
  const hops = forwarded.split(",");
  for (let distance = 0; isTrusted(address, distance); distance++) {
    const hop = toPlainAddress(dropPort((hops.pop() ?? "").trim()));
    if (net.isIP(hop) === 0) break;
    address = hop;
  }
  return address;
}

// Some proxies write the port as well: `1.2.3.4:567`, `[::1]:567`.
function dropPort(hop: string): string {
  const match = /^(?:\[([^\]]*)\]|([\d.]+))(?::\d{1,5})?$/.exec(hop);
  return match?.[1] ?? match?.[2] ?? hop;
}
