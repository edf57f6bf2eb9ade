import { BadRequestError, withoutStack } from "../errors.js";
import { net } from "../platform/builtins.js";
import type { Target } from "./served.js";

const slash = 47;
const dot = 46;

/**
 * Splits and normalizes a request target. Guards and routes both see only the result: percent escapes are decoded once,
 * and empty and dot segments are removed. A slash that was sent as `%2F` does not separate segments. It stays `%2F` in
 * the path, and is a slash in a parameter.
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

const origin = /^https?:\/\/([^/?#]+)/i;

function skipOrigin(url: string): number {
  const [whole, host] = origin.exec(url) ?? [];
  if (whole === undefined) {
    throw withoutStack(
      () => new BadRequestError("The request target is neither a path nor a URL with http or https."),
    );
  }
  if (!isHost(host as string))
    throw withoutStack(() => new BadRequestError("The host of the request target is illegal."));
  return whole.length;
}

const hostForm = /^(?:\[([0-9A-Fa-f:.]+)\]|[A-Za-z0-9._~!$&'()*+,;=-]*)(?::(\d{0,5}))?$/;

/** Whether a string is a host with or without a port, as in a `Host` header. */
export function isHost(text: string): boolean {
  const match = hostForm.exec(text);
  if (match === null) return false;
  const [, address, port = ""] = match;
  return (address === undefined || net.isIPv6(address)) && Number(port) <= 65_535;
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
    throw withoutStack(
      () => new BadRequestError("The path holds a malformed percent escape.", { cause: error }),
    );
  }
  if (segment.includes("\0"))
    throw withoutStack(() => new BadRequestError("The path holds a NUL character."));
  return segment;
}

function joinSegments(segments: readonly string[]): string {
  let path = "";
  for (const segment of segments) path += `/${segment.replaceAll("/", "%2F")}`;
  return path === "" ? "/" : path;
}
