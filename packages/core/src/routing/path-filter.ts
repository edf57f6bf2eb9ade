import { ArgumentError } from "../errors.js";
import type { Faults } from "../options/check-options.js";
import { fitsBelow, type Pattern, parsePattern } from "./pattern.js";

/** The paths of middleware, as patterns of routes. */
export interface PathOptions {
  readonly path?: string | readonly string[] | undefined;
  readonly exclude?: string | readonly string[] | undefined;
}

/**
 * Whether middleware applies to a path.
 *
 * @param folds Whether the app ignores case. Then the filter must ignore it too.
 */
export type PathFilter = (segments: readonly string[], folds: boolean) => boolean;

/**
 * Makes the filter of `path` and `exclude`, and notes mistakes in them.
 *
 * @param sources The objects with these options. The options of the objects after the first are below the key
 * `options`.
 * @param what The owner of the options, for the middle of a sentence: `a session handler`.
 */
export function createPathFilter(sources: readonly PathOptions[], what: string, faults: Faults): PathFilter {
  const settle = (key: keyof PathOptions): readonly Pattern[] | undefined => {
    const [own, inner] = sources.map((source, index) =>
      faults.attempt(index === 0 ? key : `options.${key}`, () => toPatterns(key, source[key], what)),
    );
    return own ?? inner;
  };
  const only = settle("path");
  const not = settle("exclude") ?? [];
  if (only === undefined && not.length === 0) return () => true;
  return (segments, folds) =>
    (only === undefined || only.some((pattern) => fitsBelow(segments, pattern, folds))) &&
    !not.some((pattern) => fitsBelow(segments, pattern, folds));
}

// The patterns of routes. A pattern that no path can match is refused, as for a route.
function toPatterns(
  key: keyof PathOptions,
  paths: string | readonly string[] | undefined,
  what: string,
): readonly Pattern[] | undefined {
  if (paths === undefined) return undefined;
  const patterns = [paths].flat().flatMap((path) => {
    if (!path.startsWith("/"))
      throw new ArgumentError(`A path of ${what} must begin with a slash, but it is "${path}".`);
    return parsePattern(path);
  });
  if (key === "path" && patterns.length === 0)
    throw new ArgumentError(`\`path\` of ${what} is an empty array, so no path would be guarded.`);
  if (key === "exclude" && patterns.some((pattern) => pattern.every((token) => token.kind === "tail")))
    throw new ArgumentError(`\`exclude\` of ${what} matches every path, so no path would be guarded.`);
  return patterns;
}
