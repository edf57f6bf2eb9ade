import { readQuality } from "./accept.js";

/**
 * Chooses the coding of a body (RFC 9110 12.5.3).
 *
 * @param header The `Accept-Encoding` of the request.
 * @param offered The codings of the server, the best first, without `identity`.
 * @returns The coding that the client prefers, or `undefined` if it prefers the plain body or sends no header.
 */
export function chooseEncoding(header: string | undefined, offered: readonly string[]): string | undefined {
  if (header === undefined || header === "") return undefined;
  const weights = new Map<string, number>();
  for (const part of header.split(",")) {
    const [name = "", ...parameters] = part.split(";");
    weights.set(name.trim().toLowerCase().replace(/^x-/, ""), readQuality(parameters));
  }
  const others = weights.get("*") ?? 0;
  let best: string | undefined;
  let bestWeight = 0;
  for (const name of offered) {
    const weight = weights.get(name) ?? others;
    if (weight > bestWeight) {
      best = name;
      bestWeight = weight;
    }
  }
  return bestWeight < (weights.get("identity") ?? 0) ? undefined : best;
}
