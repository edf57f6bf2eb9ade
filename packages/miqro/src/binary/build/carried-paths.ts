import { existsSync, readFileSync, realpathSync } from "node:fs";
import { dirname, isAbsolute, join, parse, relative, sep } from "node:path";
import { findUpwards } from "../../build/find-upwards.js";

/**
 * Gives every file its path in the executable. The paths contain nothing about the machine. Files of the project keep
 * their relative paths. Files of packages outside of the project, such as a workspace's, get a path in `node_modules`.
 */
export class CarriedPaths {
  readonly #project: string;
  readonly #builds: readonly string[];
  readonly #folders = new Map<string, string>();
  readonly #taken = new Set<string>();

  /**
   * @param project The folder of the project.
   * @param builds The folders of what miqro has compiled itself, in which outputs lie by the whole paths of their sources.
   */
  constructor(project: string, builds: Iterable<string> = []) {
    this.#project = realpathSync(project);
    this.#builds = [...builds];
  }

  /** Whether miqro has compiled a file itself. */
  isCompiled(file: string): boolean {
    return this.#sourcePathOf(file) !== undefined;
  }

  /** Whether a file belongs to the project itself. */
  isOwn(file: string): boolean {
    const source = this.#sourcePathOf(file) ?? file;
    return !source.split(sep).includes("node_modules") && this.#packageOf(source) === undefined;
  }

  /** The folder of the package that a file belongs to; undefined for a file of the project itself. */
  packageOf(file: string): string | undefined {
    return this.isOwn(file) ? undefined : this.#packageOf(this.#sourcePathOf(file) ?? file);
  }

  /** @param file An absolute path. */
  toCarried(file: string): string {
    const source = this.#sourcePathOf(file);
    // The folder's own package.json makes modules of the outputs.
    if (source !== undefined) {
      const isTop = dirname(source) === parse(source).root;
      return `_miqro/compiled/${isTop ? relative(dirname(source), source) : this.toCarried(source)}`;
    }
    const inside = relative(this.#project, file);
    if (isInside(inside)) return toSlashes(inside);
    const folder = this.#packageOf(file);
    if (folder === undefined) return toSlashes(join("outside", inside.replaceAll("..", "_")));
    return toSlashes(join(this.#placeOf(folder), relative(folder, file)));
  }

  /** The path beside the sources that an output of miqro stands for; undefined for other files. */
  #sourcePathOf(file: string): string | undefined {
    const build = this.#builds.find((folder) => file.startsWith(folder + sep));
    return build === undefined ? undefined : join(parse(build).root, relative(build, file));
  }

  /** The nearest folder above a file whose package.json has a name; undefined if that is the project. */
  #packageOf(file: string): string | undefined {
    for (let folder = dirname(file); ; ) {
      const path = findUpwards(folder, "package.json");
      if (path === undefined) return undefined;
      folder = dirname(path);
      if (folder === this.#project) return undefined;
      if (readPackage(folder).name !== undefined) return folder;
      if (dirname(folder) === folder) return undefined;
      folder = dirname(folder);
    }
  }

  #placeOf(folder: string): string {
    const known = this.#folders.get(folder);
    if (known !== undefined) return known;
    const { name = "package", version = "0" } = readPackage(folder);
    const names = [name, `${name}@${version}`];
    let place = names.find((one) => !this.#taken.has(one) && !this.#isInProject(one));
    for (let number = 2; place === undefined; number++) {
      const next = `${name}@${version}-${number}`;
      if (!this.#taken.has(next)) place = next;
    }
    this.#taken.add(place);
    const path = join("node_modules", place);
    this.#folders.set(folder, path);
    return path;
  }

  #isInProject(name: string): boolean {
    const path = join(this.#project, "node_modules", name);
    // A link leads to the real path of the files.
    return existsSync(path) && isInside(relative(this.#project, realpathSync(path)));
  }
}

/** The keys of a package.json that are used here. */
export interface PackageFacts {
  readonly name?: string;
  readonly version?: string;
  readonly gypfile?: boolean;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const packages = new Map<string, PackageFacts>();

/** Reads the package.json of a folder, once. */
export function readPackage(folder: string): PackageFacts {
  let facts = packages.get(folder);
  if (facts === undefined) {
    facts = JSON.parse(
      readFileSync(join(folder, "package.json"), "utf8").replace(/^\uFEFF/, ""),
    ) as PackageFacts;
    packages.set(folder, facts);
  }
  return facts;
}

function isInside(path: string): boolean {
  return path !== "" && path.split(sep)[0] !== ".." && !isAbsolute(path);
}

function toSlashes(path: string): string {
  return sep === "/" ? path : path.replaceAll(sep, "/");
}
