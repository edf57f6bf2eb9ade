import { dirname, isAbsolute, join, parse, relative, sep } from "node:path";
import type { PackageScopes } from "./package-scopes.js";

/** The owner of a module. A relative import may only lead to a file of the same owner. */
export interface ModuleOwner {
  /** The folder that relative imports may not leave, with resolved links. */
  readonly root: string;
  /**
   * The folder of the sources of these modules, if it is another folder. Imports may also lead to files beside the
   * sources.
   */
  readonly sources?: string;
  /** The name of the package, or `undefined` for the project itself. */
  readonly packageName: string | undefined;
}

/** Finds the owner of a path, and names for the path. All paths have resolved links. */
export class ModuleLocator {
  /** The project's folder as the caller gave it. */
  readonly #projectRoot: string;
  readonly #realRoot: string;
  readonly #scopes: PackageScopes;
  /** The folder with the outputs, by their paths within the project; undefined if only `tsc` compiled it. */
  readonly #outputs: string | undefined;

  /** @param realBuild - a folder in which outputs have the absolute paths of their sources, with resolved links */
  constructor(projectRoot: string, realRoot: string, scopes: PackageScopes, realBuild?: string) {
    this.#outputs =
      realBuild === undefined ? undefined : join(realBuild, relative(parse(realRoot).root, realRoot));
    this.#projectRoot = projectRoot;
    this.#realRoot = realRoot;
    this.#scopes = scopes;
  }

  /** The owner of a file; `undefined` for a file that belongs neither to the project nor to a package. */
  async ownerOf(file: string): Promise<ModuleOwner | undefined> {
    const project: ModuleOwner = { root: this.#realRoot, packageName: undefined };
    if (this.#outputs !== undefined && isWithin(this.#outputs, file)) {
      return { root: this.#outputs, sources: this.#realRoot, packageName: undefined };
    }
    const inProject = isWithin(this.#realRoot, file);
    if (inProject && !toURLPath(relative(this.#realRoot, file)).includes("node_modules/")) return project;
    const installed = installedPackage(file);
    if (installed !== undefined) return installed;
    // Files in `node_modules` that belong to no package, such as a cache of compiled files.
    if (inProject) return project;
    // A package of the same workspace, whose link in `node_modules` was resolved.
    let scope = await this.#scopes.nearest(dirname(file));
    while (scope !== undefined && scope.json.name === undefined) {
      scope = await this.#scopes.nearest(dirname(scope.folder));
    }
    return scope && { root: scope.folder, packageName: scope.json.name };
  }

  /** The path in the form of the caller: below the project's folder, even if that folder is a link. */
  toCallerPath(file: string): string {
    if (this.#outputs !== undefined && isWithin(this.#outputs, file)) {
      return join(this.#projectRoot, relative(this.#outputs, file));
    }
    return isWithin(this.#realRoot, file) ? join(this.#projectRoot, relative(this.#realRoot, file)) : file;
  }

  /** A short name for a path in the form of the caller. */
  toCallerLabel(file: string): string {
    return isWithin(this.#projectRoot, file) ? toURLPath(relative(this.#projectRoot, file)) : file;
  }

  /** A short name for messages: the path within the project, or the package's name and the path in it. */
  toLabel(file: string, owner: ModuleOwner): string {
    const path = this.toPath(file, owner);
    return owner.packageName === undefined ? path : `${owner.packageName}/${path}`;
  }

  /** The path within the project or the package, with `/`. */
  toPath(file: string, owner: ModuleOwner): string {
    return toURLPath(relative(owner.root, file));
  }

  /**
   * The string that distinguishes modules with equal content. It is the same on every machine with the same folders.
   */
  toId(file: string): string {
    if (this.#outputs !== undefined && isWithin(this.#outputs, file)) {
      return toURLPath(relative(this.#outputs, file));
    }
    return toURLPath(relative(this.#realRoot, file));
  }
}

/** Whether a file is in a folder or below it. */
export function isWithin(folder: string, file: string): boolean {
  // This holds for nearly all paths, and the start of the path is enough to decide it unless the path contains dots.
  if (file.startsWith(folder) && file[folder.length] === sep && !file.includes(`${sep}..`)) return true;
  const path = relative(folder, file);
  return path !== ".." && !path.startsWith(`..${sep}`) && !isAbsolute(path);
}

/** The path up to the last `node_modules`, or the empty string. It is equal for files that may use the same package. */
export function installFolderOf(file: string): string {
  const marker = `${sep}node_modules${sep}`;
  const at = file.lastIndexOf(marker);
  return at === -1 ? "" : file.slice(0, at + marker.length);
}

function installedPackage(file: string): ModuleOwner | undefined {
  const folder = installFolderOf(file);
  const [first, second, third] = file.slice(folder.length).split(sep);
  if (folder === "" || first === undefined || second === undefined || first.startsWith(".")) return undefined;
  if (!first.startsWith("@")) return { root: folder + first, packageName: first };
  return third === undefined
    ? undefined
    : { root: join(folder, first, second), packageName: `${first}/${second}` };
}

function toURLPath(path: string): string {
  return sep === "/" ? path : path.replaceAll(sep, "/");
}
