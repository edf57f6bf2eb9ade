import { sep } from "node:path";

/**
 * Whether the segments of a path can lead to a file that is served. Refused are dotfiles, segments that contain a
 * separator, and NUL. The folder `.well-known` is public (RFC 8615), directly below the root.
 */
export function isServable(segments: readonly string[]): boolean {
  return segments.every(
    (segment, index) =>
      (!segment.startsWith(".") || (index === 0 && segment === ".well-known")) &&
      !/[/\\\0]/.test(segment) &&
      !(sep === "\\" && segment.includes(":")),
  );
}
