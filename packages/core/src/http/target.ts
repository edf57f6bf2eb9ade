import { BadRequestError } from "../errors.js";

/** A request target, split once. Positions are those of `url`. */
export interface Target {
  /** The path without the query: a slice of the target when that was clean already, else put together again. */
  readonly path: string;
  /** The decoded segments, when decoding made a difference. */
  readonly segments: readonly string[] | undefined;
  /** Where the path begins in the target (after the origin of an absolute target). */
  readonly start: number;
  /** Where the path ends in the target. */
  readonly end: number;
}

const slash = 47;
const dot = 46;

/**
 * Splits and normalises a request target. Guards and routes both see the result and nothing else: percent
 * escapes are decoded once, empty and dot segments are gone. A slash that was sent as `%2F` does not separate
 * segments; it stays `%2F` in the path and is a slash in a parameter.
 */
export function parseTarget(url: string): Target {
  let start = 0;
  if (url.charCodeAt(0) !== slash) start = skipOrigin(url);
  let end = url.length;
  let clean = true;
  let previous = 0;
  for (let index = start; index < url.length; index++) {
    const char = url.charCodeAt(index);
    if (char === 63 || char === 35) {
      end = index;
      break;
    }
    if (char === 37 || ((char === slash || char === dot) && previous === slash)) clean = false;
    previous = char;
  }
  if (previous === slash && end - start > 1) clean = false;
  if (clean) return { path: start === end ? "/" : url.slice(start, end), segments: undefined, start, end };
  const segments = decodeSegments(url.slice(start, end));
  return { path: joinSegments(segments), segments, start, end };
}

// RFC 9112 3.2.2: a server must accept a target in absolute form, whatever the Host header says.
function skipOrigin(url: string): number {
  const match = /^https?:\/\/[^/?#]+/i.exec(url);
  if (match === null) {
    throw new BadRequestError("The request target is neither a path nor a URL with http or https.");
  }
  return match[0].length;
}

const legalHost = /^(?:\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._~!$&'()*+,;=-]*)(?::\d{0,5})?$/;

/** Whether a text can be the host of a request, with or without a port (RFC 9110 7.2). */
export function isLegalHost(host: string): boolean {
  return legalHost.test(host);
}

function decodeSegments(path: string): string[] {
  const segments: string[] = [];
  for (const raw of path.split("/")) {
    if (raw === "") continue;
    const segment = raw.includes("%") ? decodeSegment(raw) : raw;
    if (segment === ".") continue;
    if (segment === "..") segments.pop();
    else segments.push(segment);
  }
  return segments;
}

function decodeSegment(raw: string): string {
  let segment: string;
  try {
    segment = decodeURIComponent(raw);
  } catch (error) {
    throw new BadRequestError("The path holds a malformed percent escape.", { cause: error });
  }
  if (segment.includes("\0")) throw new BadRequestError("The path holds a NUL character.");
  return segment;
}

function joinSegments(segments: readonly string[]): string {
  let path = "";
  for (const segment of segments) path += `/${segment.replaceAll("/", "%2F")}`;
  return path === "" ? "/" : path;
}
