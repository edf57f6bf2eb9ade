/**
 * Returns the network of one client: an IPv4 address as it is, or the first 64 bits of an IPv6 address. A client owns
 * all addresses of such an IPv6 network, and can change its address for each request.
 */
export function toNetwork(address: string): string {
  if (!address.includes(":")) return address;
  const groups = toGroups(address.replace(/%.*$/, ""));
  // An IPv4 address that is written as IPv6 (RFC 4291 2.5.5.2).
  if (groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff) {
    const [high = 0, low = 0] = groups.slice(6);
    return [high >> 8, high & 255, low >> 8, low & 255].join(".");
  }
  return `${groups
    .slice(0, 4)
    .map((group) => group.toString(16))
    .join(":")}::/64`;
}

function toGroups(address: string): number[] {
  const [front = "", back] = address.split("::");
  const head = readGroups(front);
  if (back === undefined) return head;
  const tail = readGroups(back);
  return [...head, ...Array.from({ length: Math.max(0, 8 - head.length - tail.length) }, () => 0), ...tail];
}

function readGroups(text: string): number[] {
  if (text === "") return [];
  return text.split(":").flatMap((group) => {
    if (!group.includes(".")) return [Number.parseInt(group, 16)];
    const [a = 0, b = 0, c = 0, d = 0] = group.split(".").map(Number);
    return [(a << 8) | b, (c << 8) | d];
  });
}
