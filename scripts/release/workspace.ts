import { globSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";

/** The fields of a package.json that a release reads. */
export interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly private?: boolean;
  readonly workspaces?: readonly string[];
  readonly repository?: unknown;
  readonly main?: string;
  readonly types?: string;
  readonly bin?: Readonly<Record<string, string>>;
  readonly exports?: Readonly<Record<string, string | Readonly<Record<string, string>>>>;
  readonly scripts?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

/** A package of the workspace. */
export interface WorkspacePackage {
  /** The path of its folder, from the root. */
  readonly folder: string;
  /** The last part of that, which change notes use. */
  readonly short: string;
  readonly manifest: Manifest;
}

/** The kinds of dependencies whose ranges name other packages of the workspace. */
export const dependencyKinds = ["dependencies", "devDependencies", "peerDependencies"] as const;

/** All packages that `workspaces` of the root names; those that are private are never published. */
export function readWorkspace(root: string): WorkspacePackage[] {
  const { workspaces = [] } = readManifest(join(root, "package.json"));
  return globSync(
    workspaces.map((pattern) => `${pattern}/package.json`),
    { cwd: root },
  )
    .map((path) => path.slice(0, -"/package.json".length))
    .sort()
    .map((folder) => ({
      folder,
      short: basename(folder),
      manifest: readManifest(join(root, folder, "package.json")),
    }));
}

export function readManifest(path: string): Manifest {
  return JSON.parse(readFileSync(path, "utf8")) as Manifest;
}

/** Packages in an order in which each comes after all that it depends on. */
export function inOrder(packages: readonly WorkspacePackage[]): WorkspacePackage[] {
  const byName = new Map(packages.map((one) => [one.manifest.name, one]));
  const done = new Set<WorkspacePackage>();
  const visit = (one: WorkspacePackage): void => {
    if (done.has(one)) return;
    for (const name of Object.keys({ ...one.manifest.dependencies, ...one.manifest.peerDependencies })) {
      const needed = byName.get(name);
      if (needed !== undefined) visit(needed);
    }
    done.add(one);
  };
  for (const one of packages) visit(one);
  return [...done];
}
