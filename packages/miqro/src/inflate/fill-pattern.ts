import type { Claim } from "../http-files/http-file-kind.js";
import type { InflatePath } from "../http-files/route-file.js";
import { encodePath } from "./file-name.js";

/**
 * Makes a path from an entry of `inflatePaths`.
 * @param patterns - the paths of the route with parameters
 * @returns the percent-encoded path, or the error as a sentence
 */
export function fillPattern(
  given: InflatePath,
  patterns: readonly Claim[],
): { readonly path: string } | { readonly problem: string } {
  if (typeof given === "string") {
    const isPath = /^\/(?!\/)[^?#\\]*$/.test(given) && URL.canParse(given, "http://site.invalid");
    if (isPath) return { path: new URL(given, "http://site.invalid").pathname };
    return {
      problem: `inflatePaths names "${given}", but a path begins with "/", and has no query and no fragment.`,
    };
  }
  if (typeof given !== "object" || given === null) {
    return {
      problem: `inflatePaths names ${String(given)}, but must name paths, or objects with parameters.`,
    };
  }
  const [pattern] = patterns;
  if (pattern === undefined) {
    return {
      problem: "inflatePaths names parameters, but the path of the route has none. Name paths as strings.",
    };
  }
  const values = given as Readonly<Record<string, unknown>>;
  const missing: string[] = [];
  const take = (name: string): string => {
    const value = values[name];
    if (typeof value === "number" || (typeof value === "string" && value !== "")) return String(value);
    missing.push(name);
    return "";
  };
  const segments = pattern.path.split("/").map((segment) => {
    if (segment === "*") return encodePath(take("*"));
    const [, name] = /^:([^/?]+)\??$/.exec(segment) ?? [];
    return encodeURIComponent(name === undefined ? segment : take(name));
  });
  if (missing.length > 0) {
    return {
      problem: `inflatePaths names ${JSON.stringify(given)}, but the path ${pattern.path} needs ${missing.map((name) => `"${name}"`).join(" and ")}.`,
    };
  }
  return { path: segments.join("/") + (pattern.suffix ?? "") };
}
