import type { OutgoingHttpHeader } from "node:http";

interface HeaderTarget {
  setHeader(name: string, value: OutgoingHttpHeader): unknown;
  appendHeader(name: string, value: string | readonly string[]): unknown;
  removeHeader(name: string): void;
}

type Pairs = readonly (readonly [name: string, value: OutgoingHttpHeader])[];

/**
 * Sets the headers that were passed to `writeHead`, and replaces headers of the same name. It accepts each form that
 * Node accepts: an object, a flat array, or an array of pairs. A name that occurs twice in an array is sent twice.
 */
export function setHeaders(res: HeaderTarget, given: unknown): void {
  if (typeof given !== "object" || given === null) return;
  if (!Array.isArray(given)) {
    for (const [name, value] of Object.entries(given))
      if (name) res.setHeader(name, value as OutgoingHttpHeader);
    return;
  }
  const pairs = Array.isArray(given[0]) ? (given as Pairs) : toPairs(given as readonly OutgoingHttpHeader[]);
  for (const [name] of pairs) res.removeHeader(name);
  const seen = new Set<string>();
  for (const [name, value] of pairs) {
    const key = name.toLowerCase();
    if (seen.has(key)) res.appendHeader(name, typeof value === "number" ? String(value) : value);
    else res.setHeader(name, value);
    seen.add(key);
  }
}

function toPairs(flat: readonly OutgoingHttpHeader[]): Pairs {
  const pairs: [string, OutgoingHttpHeader][] = [];
  for (let index = 0; index + 1 < flat.length; index += 2) {
    pairs.push([String(flat[index]), flat[index + 1] as OutgoingHttpHeader]);
  }
  return pairs;
}
