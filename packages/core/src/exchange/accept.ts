const shortNames: Readonly<Record<string, string>> = {
  html: "text/html",
  text: "text/plain",
  txt: "text/plain",
  json: "application/json",
  xml: "application/xml",
  js: "text/javascript",
  css: "text/css",
  csv: "text/csv",
  md: "text/markdown",
  svg: "image/svg+xml",
  png: "image/png",
  jpg: "image/jpeg",
  webp: "image/webp",
};

interface Range {
  readonly type: string;
  readonly subtype: string;
  readonly quality: number;
}

/**
 * Chooses the media type that a client prefers (RFC 9110 12.5.1: the most specific range decides about a type).
 *
 * @param accept The header; without one everything is accepted.
 * @param offers Media types or extensions, the best first.
 * @returns The offer as it was given, or false when none is accepted.
 */
export function negotiate(accept: string | undefined, offers: readonly string[]): string | false {
  const ranges = parseAccept(accept);
  let best: string | false = false;
  let bestQuality = 0;
  for (const offer of offers) {
    const quality = toQuality(toMediaType(offer), ranges);
    if (quality > bestQuality) {
      best = offer;
      bestQuality = quality;
    }
  }
  return best;
}

/** Whether a client prefers plain text to JSON. False if it names neither. */
export function prefersText(accept: string | undefined): boolean {
  if (accept === undefined || accept === "" || accept === "*/*") return false;
  const ranges = parseAccept(accept);
  const best = (types: readonly string[]): number =>
    Math.max(...types.map((type) => toQuality(type, ranges, accept)));
  return best(["text/plain", "text/html"]) > best(["application/problem+json", "application/json"]);
}

function parseAccept(accept: string | undefined): Range[] {
  if (accept === undefined || accept.trim() === "") return [{ type: "*", subtype: "*", quality: 1 }];
  const ranges: Range[] = [];
  for (const part of accept.split(",")) {
    const [name = "", ...parameters] = part.split(";");
    const [type = "", subtype = ""] = name.trim().toLowerCase().split("/");
    if (type !== "" && subtype !== "") ranges.push({ type, subtype, quality: readQuality(parameters) });
  }
  return ranges;
}

// If there is a header, a type that matches only a wildcard comes slightly after a type that the header names.
function toQuality(mediaType: string, ranges: readonly Range[], header?: string): number {
  const [type = "", subtype = ""] = mediaType.split("/");
  let quality = 0;
  let specificity = -1;
  for (const range of ranges) {
    if (range.type !== "*" && range.type !== type) continue;
    if (range.subtype !== "*" && range.subtype !== subtype) continue;
    const own = range.type === "*" ? 0 : range.subtype === "*" ? 1 : 2;
    if (own < specificity) continue;
    quality = own === specificity ? Math.max(quality, range.quality) : range.quality;
    specificity = own;
  }
  return header !== undefined && specificity === 0 ? quality * 0.9 : quality;
}

function toMediaType(offer: string): string {
  const name = offer.toLowerCase();
  return name.includes("/") ? (name.split(";")[0] as string).trim() : (shortNames[name] ?? name);
}

/** Parses the weight of an entry. The default is 1. */
export function readQuality(parameters: readonly string[]): number {
  for (const parameter of parameters) {
    const match = /^\s*q\s*=\s*([\d.]+)\s*$/i.exec(parameter);
    if (match !== null) return Math.min(1, Number(match[1]) || 0);
  }
  return 1;
}
