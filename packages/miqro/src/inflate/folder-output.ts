import {
  copyFileSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  type Stats,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { makeFolder } from "../build/make-folder.js";
import { makeStaging } from "../build/staging.js";
import { fileReasonOf, MiqroError } from "../errors.js";
import { lockFolder } from "./folder-lock.js";
import { filesAreEqual } from "./same-bytes.js";
import type { OutputCounts, SiteOutput } from "./site-output.js";

/** The name of the list of the files that inflate wrote. Inflate must not change other files of the folder. */
const manifest = ".inflate.json";

interface Manifest {
  readonly files: ReadonlySet<string>;
  /** The path of the files of each service in the output, by the folder of the service, relative to the output. */
  readonly services: ReadonlyMap<string, string>;
}

/**
 * Writes a site to a folder. All files are first written to a temporary folder in it. When all are complete, they are
 * moved to their places. A file with unchanged bytes is not replaced.
 */
export class FolderOutput implements SiteOutput {
  readonly #problems = new Set<string>();
  /** The topmost folder that was created for the output. */
  readonly #made: string | undefined;
  readonly #folder: string;
  readonly #staging: string;
  /** The files of the last run. */
  #known: ReadonlySet<string>;
  readonly #names = new Set<string>();
  readonly #folders = new Set<string>();
  /** Folders that did not exist before. They need no search for old files. */
  readonly #newFolders = new Set<string>();
  #unchanged = 0;
  #services: ReadonlyMap<string, string> = new Map();

  /**
   * @throws {MiqroError} `MIQRO_ARGUMENT` if the folder cannot be created
   */
  constructor(folder: string) {
    this.#folder = resolve(folder);
    try {
      this.#made = makeFolder(this.#folder);
      this.#staging = makeStaging(this.#folder, ".inflate-");
    } catch (error) {
      throw new MiqroError(
        "MIQRO_ARGUMENT",
        `inflateDir is ${folder}, which cannot be written: ${fileReasonOf(error)}. Name a folder that you may write to.`,
      );
    }
    this.#known = readManifest(this.#folder).files;
  }

  /**
   * Names the services of this run. Files of other services, which earlier runs wrote, stay. The run fails if the files
   * of such a service would be replaced.
   * @param services - the folder of each service, and the path of its files, with a slash at its end; empty for no path
   */
  own(services: readonly { readonly folder: string; readonly root: string }[]): void {
    this.#services = new Map(
      services.map(({ folder, root }) => [relative(this.#folder, folder).replaceAll("\\", "/"), root]),
    );
    const last = readManifest(this.#folder).services;
    // The composition of a flat site may change.
    const isSameSite = [...last.keys()].some((folder) => this.#services.has(folder));
    const roots = new Set(this.#services.values());
    for (const [folder, root] of this.#others(last)) {
      if (root === "" ? isSameSite : !roots.has(root)) continue;
      this.#problems.add(
        `${join(this.#folder, root)} holds the site of the service ${join(this.#folder, folder)}, which this run would remove. Name another folder.`,
      );
    }
  }

  /** The services of earlier runs that this run does not have, and that still exist. */
  #others(services: ReadonlyMap<string, string>): [folder: string, root: string][] {
    return [...services].filter(
      ([folder]) => !this.#services.has(folder) && existsSync(join(this.#folder, folder)),
    );
  }

  get problems(): readonly string[] {
    return [...this.#problems];
  }

  add(name: string, body: Buffer): void {
    this.#take(
      name,
      (there) => there.size === body.length && readFileSync(there.path).equals(body),
      (staged) => writeFileSync(staged, body),
    );
  }

  async copy(name: string, from: string): Promise<void> {
    this.#take(
      name,
      (there) => filesAreEqual(there.path, from),
      (staged) => copyFileSync(from, staged),
    );
  }

  #take(
    name: string,
    isSame: (there: { readonly path: string; readonly size: number }) => boolean,
    write: (staged: string) => void,
  ): void {
    const staged = join(this.#staging, name);
    const path = join(this.#folder, name);
    this.#names.add(name);
    this.#makeFolder(dirname(name));
    const isNew = this.#newFolders.has(dirname(name));
    const there = isNew ? undefined : look(path);
    if (there?.isDirectory()) {
      const foreign = findForeign(this.#folder, name, (one) => this.#isKnown(one));
      if (foreign !== undefined) this.#refuse(foreign);
    } else if (there?.isFile() && isSame({ path, size: there.size })) {
      this.#unchanged++;
      linkFile(path, staged);
      return;
    } else if (there !== undefined && !this.#isKnown(name)) this.#refuse(name);
    write(staged);
  }

  #makeFolder(name: string): void {
    if (this.#folders.has(name)) return;
    this.#folders.add(name);
    mkdirSync(join(this.#staging, name), { recursive: true });
    for (let above = name; above !== "."; above = dirname(above)) {
      if (this.#newFolders.has(dirname(above))) {
        this.#newFolders.add(above);
        break;
      }
      const there = look(join(this.#folder, above));
      if (!there?.isDirectory()) this.#newFolders.add(above);
      if (there !== undefined && !there.isDirectory() && !this.#isKnown(above)) {
        this.#refuse(above);
      }
    }
  }

  #isKnown(name: string): boolean {
    if (this.#known.has(name)) return true;
    // Another run may have ended since.
    this.#known = readManifest(this.#folder).files;
    return this.#known.has(name);
  }

  #refuse(name: string): void {
    this.#problems.add(
      `${join(this.#folder, name)} exists already, and inflate did not write it. Remove it, or name another folder.`,
    );
  }

  async commit(): Promise<OutputCounts> {
    const unlock = await lockFolder(this.#folder);
    try {
      // Another run may have ended since.
      const last = readManifest(this.#folder);
      const others = this.#others(last.services).filter(([, root]) => root !== "");
      const isOfOther = (name: string) => others.some(([, root]) => name.startsWith(root));
      const old = [...last.files].filter((name) => !this.#names.has(name));
      const gone = old.filter((name) => !isOfOther(name));
      for (const name of gone) removeFile(this.#folder, name);
      // The list is written first, so that another run that begins now knows which files will be written.
      const list = {
        by: "miqro --inflate",
        services: Object.fromEntries([...others, ...this.#services].sort()),
        files: [...this.#names, ...old.filter(isOfOther)].sort(),
      };
      writeFileSync(join(this.#staging, manifest), `${JSON.stringify(list, null, 1)}\n`);
      renameSync(join(this.#staging, manifest), join(this.#folder, manifest));
      moveInto(this.#staging, this.#folder);
      return {
        written: this.#names.size - this.#unchanged,
        unchanged: this.#unchanged,
        removed: gone.length,
      };
    } finally {
      unlock();
      this.abandon();
    }
  }

  abandon(): void {
    rmSync(this.#staging, { recursive: true, force: true });
    if (this.#made === undefined) return;
    try {
      for (let folder = this.#folder; folder.startsWith(this.#made); folder = dirname(folder))
        rmdirSync(folder);
    } catch {
      // The folder is no longer empty.
    }
  }
}

/** The kind of the entry at a path. A file has no entries below it. */
function look(path: string): Stats | undefined {
  try {
    return lstatSync(path, { throwIfNoEntry: false });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOTDIR") return undefined;
    throw error;
  }
}

function readManifest(folder: string): Manifest {
  try {
    const { files, services = {} } = JSON.parse(readFileSync(join(folder, manifest), "utf8")) as {
      readonly files: readonly string[];
      readonly services?: Readonly<Record<string, string>>;
    };
    return { files: new Set(files), services: new Map(Object.entries(services)) };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return { files: new Set(), services: new Map() };
    throw new MiqroError(
      "MIQRO_ARGUMENT",
      `${join(folder, manifest)}, which lists the files of the last run, cannot be read. Empty the folder, or name another one.`,
      { cause: error },
    );
  }
}

/** A file in a folder that inflate did not write. */
function findForeign(root: string, folder: string, isKnown: (name: string) => boolean): string | undefined {
  const files = readdirSync(join(root, folder), { recursive: true, withFileTypes: true });
  const names = files
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1));
  return names.map((name) => name.replaceAll("\\", "/")).find((name) => !isKnown(name));
}

/** A hard link: the file keeps its time, and needs no space. */
function linkFile(from: string, to: string): void {
  try {
    linkSync(from, to);
  } catch {
    // Some file systems have no hard links.
    copyFileSync(from, to);
    const { atime, mtime } = statSync(from);
    utimesSync(to, atime, mtime);
  }
}

/** Moves the content of one folder into another folder. A folder that does not exist there is moved as a whole. */
function moveInto(from: string, to: string): void {
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const source = join(from, entry.name);
    const target = join(to, entry.name);
    const isMerged = entry.isDirectory() && existsSync(target);
    if (isMerged) moveInto(source, target);
    else renameSync(source, target);
  }
}

/** Removes a file, and the folders that are then empty. */
function removeFile(root: string, name: string): void {
  rmSync(join(root, name), { force: true });
  try {
    for (let above = dirname(name); above !== "."; above = dirname(above)) rmdirSync(join(root, above));
  } catch {
    // The folder is not empty.
  }
}
