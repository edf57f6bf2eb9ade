import { type ChangeNote, type Level, levels } from "./notes.ts";
import { dependencyKinds, inOrder, type WorkspacePackage } from "./workspace.ts";

/** A range that must rise, for the version that it would exclude. */
export interface RaisedRange {
  readonly kind: (typeof dependencyKinds)[number];
  readonly name: string;
  readonly from: string;
  readonly to: string;
}

/** What a release changes in one package. */
export interface PlannedPackage {
  readonly package: WorkspacePackage;
  /** Absent for a private package, of which only ranges change. */
  readonly version?: string;
  readonly ranges: readonly RaisedRange[];
  /** The texts of its change notes. */
  readonly texts: readonly string[];
}

/**
 * Plans a release: what change notes ask for, and what follows for dependents. A package whose range would exclude the
 * new version of another gets a new range, and rises by the same kind of step: what breaks users of the one may break
 * users of both.
 * @returns the packages that change, in order of dependence, private ones last
 */
export function planRelease(
  packages: readonly WorkspacePackage[],
  notes: readonly ChangeNote[],
): PlannedPackage[] {
  const versions = new Map<string, string>();
  const planned: PlannedPackage[] = [];
  const ordered = inOrder(packages);
  const isPrivate = ({ manifest }: WorkspacePackage) => manifest.private === true;
  for (const one of [...ordered.filter((all) => !isPrivate(all)), ...ordered.filter(isPrivate)]) {
    const { name, version } = one.manifest;
    const own = notes.filter((note) => note.levels.has(name));
    const ranges = raisedRanges(one, versions);
    const asked: Level[] = own.map((note) => note.levels.get(name) ?? "patch");
    for (const range of ranges) {
      // What only its developers need changes nothing for its users.
      if (range.kind === "devDependencies") continue;
      const from = packages.find(({ manifest }) => manifest.name === range.name)?.manifest.version ?? "0.0.0";
      asked.push(levelBetween(from, versions.get(range.name) ?? from));
    }
    if (asked.length === 0 && ranges.length === 0) continue;
    const level = levels[Math.max(-1, ...asked.map((one) => levels.indexOf(one)))];
    const next = level === undefined || isPrivate(one) ? undefined : raise(version, level);
    if (next !== undefined) versions.set(name, next);
    planned.push({
      package: one,
      ranges,
      texts: own.map(({ text }) => text),
      ...(next === undefined ? {} : { version: next }),
    });
  }
  return planned;
}

function raisedRanges({ manifest }: WorkspacePackage, versions: ReadonlyMap<string, string>): RaisedRange[] {
  return dependencyKinds.flatMap((kind) =>
    Object.entries(manifest[kind] ?? {}).flatMap(([name, from]) => {
      const version = versions.get(name);
      return version === undefined || allows(from, version) ? [] : [{ kind, name, from, to: `^${version}` }];
    }),
  );
}

/** Whether a caret range, which is all that the workspace uses, takes a version. */
export function allows(range: string, version: string): boolean {
  if (range === "*") return true;
  if (!range.startsWith("^")) return range === version;
  const [from, to] = [parse(range.slice(1)), parse(version)];
  // The first part that is not zero may not change.
  const fixed = from.findIndex((part) => part > 0);
  const head = fixed === -1 ? 3 : fixed + 1;
  if (from.slice(0, head).some((part, index) => part !== to[index])) return false;
  return compare(to, from) >= 0;
}

/** The next version; before 1.0 a major step is one of the minor number, as caret ranges have it. */
export function raise(version: string, level: Level): string {
  const [major = 0, minor = 0, patch = 0] = parse(version);
  if (level === "patch") return `${major}.${minor}.${patch + 1}`;
  if (level === "minor" || major === 0) return `${major}.${minor + 1}.0`;
  return `${major + 1}.0.0`;
}

function levelBetween(from: string, to: string): Level {
  const [one, other] = [parse(from), parse(to)];
  return one[0] !== other[0] ? "major" : one[1] !== other[1] ? "minor" : "patch";
}

function parse(version: string): number[] {
  return version.split(".").map(Number);
}

function compare(one: readonly number[], other: readonly number[]): number {
  const differing = one.findIndex((part, index) => part !== other[index]);
  return differing === -1 ? 0 : (one[differing] ?? 0) - (other[differing] ?? 0);
}
