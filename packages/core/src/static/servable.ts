import { sep } from "node:path";

/**
 * Whether the segments of a path can lead to a file that is served: no dotfile, no separator in disguise, no NUL. The
 * folder `.well-known` is there to be asked for (RFC 8615), directly below the root.
 */
export function isServable(segments: readonly string[]): boolean {
  return segments.every(
    (segment, index) =>
      (!segment.startsWith(".") || (index === 0 && segment === ".well-known")) &&
      !/[/\\\0]/.test(segment) &&
      !(sep === "\\" && segment.includes(":")),
  );
}
