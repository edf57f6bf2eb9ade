/** The field of a package.json that maps names to files. */
export type PackageMapField = "exports" | "imports";

/** A package.json whose `exports` or `imports` do not follow the rules of Node.js. */
export class PackageMapError extends Error {}

// An empty segment, a dot segment or `node_modules` would leave the package. The caller must check that the file, after
// decoding and with resolved links, is within the package.
const invalidSegment = /(^|[/\\])((\.|%2e){0,2}|node_modules)([/\\]|$)/i;
const arrayIndex = /^(0|[1-9]\d*)$/;

/**
 * Finds the target of a name in a package.json, with the algorithm of Node.js for ES modules.
 * @param field the name of the map; only `imports` may lead to other packages
 * @param map the value of the field
 * @param key `"."` or `"./subpath"` for `exports`, `"#name"` for `imports`
 * @param conditions the active conditions, besides `default`
 * @returns a path that begins with `./`, or for `imports` also a bare specifier; `undefined` if the map does not
 * contain the key
 * @throws {PackageMapError} if the map breaks the rules
 */
export function resolvePackageMap(
  field: PackageMapField,
  map: unknown,
  key: string,
  conditions: ReadonlySet<string>,
): string | undefined {
  const resolver = new PackageMapResolver(field, conditions);
  return resolver.resolve(field === "exports" ? toSubpathMap(map) : map, key) ?? undefined;
}

/** Converts the short forms of `exports` (a string, an array, conditions alone) to the form with subpaths. */
function toSubpathMap(map: unknown): unknown {
  if (!isRecord(map)) return { ".": map };
  const keys = Object.keys(map);
  const dotted = keys.filter((key) => key.startsWith("."));
  if (dotted.length === 0) return { ".": map };
  if (dotted.length < keys.length) {
    throw new PackageMapError('its "exports" mixes subpaths (keys that begin with ".") and conditions');
  }
  return map;
}

class PackageMapResolver {
  readonly #field: PackageMapField;
  readonly #conditions: ReadonlySet<string>;

  constructor(field: PackageMapField, conditions: ReadonlySet<string>) {
    this.#field = field;
    this.#conditions = conditions;
  }

  resolve(map: unknown, key: string): string | null | undefined {
    if (!isRecord(map) || key.endsWith("/")) return undefined;
    if (!key.includes("*") && Object.hasOwn(map, key)) return this.#target(map[key], undefined);
    const pattern = bestPattern(Object.keys(map), key);
    if (pattern === undefined) return undefined;
    const star = pattern.indexOf("*");
    const match = key.slice(star, key.length - (pattern.length - star - 1));
    return this.#target(map[pattern], match);
  }

  // `null` forbids the key. `undefined` means that the next condition is tried.
  #target(target: unknown, match: string | undefined): string | null | undefined {
    if (target === null) return null;
    if (typeof target === "string") return this.#path(target, match);
    if (Array.isArray(target)) return this.#firstOf(target, match);
    if (!isRecord(target)) throw this.#invalid(target);
    for (const condition of Object.keys(target)) {
      if (arrayIndex.test(condition)) {
        throw new PackageMapError(
          `its "${this.#field}" has the number "${condition}" in place of a condition`,
        );
      }
      if (condition !== "default" && !this.#conditions.has(condition)) continue;
      const resolved = this.#target(target[condition], match);
      if (resolved !== undefined) return resolved;
    }
    return undefined;
  }

  #firstOf(targets: readonly unknown[], match: string | undefined): string | null | undefined {
    let last: string | null | undefined = null;
    let failure: PackageMapError | undefined;
    for (const target of targets) {
      try {
        last = this.#target(target, match);
        failure = undefined;
      } catch (error) {
        if (!(error instanceof PackageMapError)) throw error;
        failure = error;
        continue;
      }
      if (typeof last === "string") return last;
    }
    if (failure !== undefined) throw failure;
    return last;
  }

  #path(target: string, match: string | undefined): string {
    const isPath = target.startsWith("./");
    if (!isPath && (this.#field === "exports" || /^(\.\.\/|\/)/.test(target))) throw this.#invalid(target);
    if (isPath && invalidSegment.test(target.slice(2))) throw this.#invalid(target);
    if (match === undefined) return target;
    if (isPath && invalidSegment.test(match)) {
      throw new PackageMapError(`"${match}" is not a path inside it`);
    }
    return target.replaceAll("*", () => match);
  }

  #invalid(target: unknown): PackageMapError {
    return new PackageMapError(`its "${this.#field}" has the invalid target ${JSON.stringify(target)}`);
  }
}

/** The matching pattern with the longest part before its `*`; among these, the longest pattern. */
function bestPattern(patterns: readonly string[], key: string): string | undefined {
  let best: string | undefined;
  for (const pattern of patterns) {
    const star = pattern.indexOf("*");
    if (star === -1 || star !== pattern.lastIndexOf("*")) continue;
    const base = pattern.slice(0, star);
    const trailer = pattern.slice(star + 1);
    if (!key.startsWith(base) || key === base || !key.endsWith(trailer) || key.length < pattern.length)
      continue;
    if (best === undefined || isMoreSpecific(pattern, best)) best = pattern;
  }
  return best;
}

function isMoreSpecific(pattern: string, other: string): boolean {
  const difference = pattern.indexOf("*") - other.indexOf("*");
  return difference === 0 ? pattern.length > other.length : difference > 0;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
