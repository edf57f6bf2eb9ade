import { type FSWatcher, statSync, watch } from "node:fs";
import { basename, dirname, join, relative, resolve, sep } from "node:path";
import { errorCode, InvalidOptionError, WatchFailedError } from "../errors.js";
import { FolderTree } from "./folder-tree.js";
import { RootWatch } from "./root-watch.js";

/** Options of `watchFiles`. */
export interface WatchOptions {
  /** Folders to watch, with everything below them. A folder that does not exist is watched once it is made. */
  readonly folders: readonly string[];
  /**
   * True for a path to leave out, with everything below it. Gets absolute paths below the folders. Default: names that
   * begin with a dot, and `node_modules`.
   */
  readonly ignore?: (path: string) => boolean;
  /** Milliseconds without an event after which the changes are reported in one call. Default: 30. */
  readonly debounce?: number;
  /** Gets the absolute paths of changed, new and deleted files, and of new and deleted folders, sorted. */
  readonly onChange: (paths: readonly string[]) => void;
  /** Gets errors after the start; the other folders are still watched. Default: a process warning. */
  readonly onError?: (error: WatchFailedError) => void;
}

/** A running watch. */
export interface FileWatcher {
  /** Ends the watch. `onChange` is not called any more. */
  close(): void;
}

// A file that is written all the time, such as a log in a watched folder, must not delay the report of other changes.
const longestWait = 2000;

// On Linux the recursive mode of Node.js is emulated with a watch on each file. Such a watch loses a file that an
// editor replaces by renaming; a watch on each folder does not. macOS and Windows watch trees by themselves.
const recursive: boolean = process.platform === "darwin" || process.platform === "win32";

/**
 * Watches folders for changes. It finds changes by comparing the folders with their known state, so each call contains
 * real differences. An editor's temporary file, or a change of permissions alone, is not reported.
 *
 * @returns The watch, which is active when the function returns; it keeps the process alive until closed.
 * @throws `InvalidOptionError` for wrong options, `WatchFailedError` when the system refuses a watch.
 */
export function watchFiles(options: WatchOptions): FileWatcher {
  return new FolderWatcher(options);
}

class FolderWatcher implements FileWatcher {
  readonly #options: WatchOptions;
  readonly #debounce: number;
  readonly #roots: readonly RootWatch[];
  readonly #tree: FolderTree;
  readonly #watchers = new Map<string, FSWatcher>();
  readonly #dirty = new Set<string>();
  #active = false;
  #timer: NodeJS.Timeout | undefined;
  #firstEventAt = 0;

  constructor(options: WatchOptions) {
    const { folders, debounce = 30, ignore = isHidden } = options;
    checkOptions(folders, debounce);
    this.#options = options;
    this.#debounce = debounce;
    const paths = [...new Set(folders.map((folder) => resolve(folder)))];
    this.#roots = paths.map((path) => new RootWatch(path, (root) => this.#mark(root)));
    this.#tree = new FolderTree({
      isIgnored: (path) => ignore(path),
      onFolder: (path) => this.#watch(path, recursive),
      onFolderGone: (path) => this.#unwatch(path),
    });
    try {
      this.#readRoots(new Set());
      this.#active = true;
    } finally {
      if (!this.#active) this.close();
    }
  }

  close(): void {
    this.#active = false;
    clearTimeout(this.#timer);
    for (const root of this.#roots) root.close();
    for (const path of [...this.#watchers.keys()]) this.#unwatch(path);
  }

  #watch(path: string, wholeTree: boolean): void {
    if (wholeTree && !this.#isRoot(path)) return;
    try {
      const watcher = watch(path, { recursive: wholeTree }, (_event, name) => {
        if (name === null || !wholeTree) this.#mark(path, name);
        else this.#mark(join(path, dirname(name)), basename(name));
      });
      watcher.on("error", () => {
        this.#unwatch(path);
        this.#mark(dirname(path));
      });
      this.#watchers.set(path, watcher);
    } catch (error) {
      // A folder that was deleted again is noticed when its parent is read.
      if (errorCode(error) !== "ENOENT") this.#fail(new WatchFailedError(path, error));
    }
  }

  #unwatch(path: string): void {
    this.#watchers.get(path)?.close();
    this.#watchers.delete(path);
  }

  /** Records that `folder` must be read again, because of the entry `name` if the name is known. */
  #mark(folder: string, name: string | null = null): void {
    if (name !== null && this.#isIgnored(join(folder, name))) return;
    const now = performance.now();
    if (this.#dirty.size === 0) this.#firstEventAt = now;
    this.#dirty.add(folder);
    clearTimeout(this.#timer);
    const rest = Math.max(this.#firstEventAt + longestWait - now, 0);
    this.#timer = setTimeout(() => this.#flush(), Math.min(this.#debounce, rest));
  }

  #flush(): void {
    const changed = new Set<string>();
    const dirty = [...this.#dirty];
    this.#dirty.clear();
    for (const path of dirty) {
      const folder = this.#nearestKnown(path);
      if (folder !== undefined) this.#tree.refresh(folder, changed);
    }
    this.#readRoots(changed);
    if (changed.size > 0 && this.#active) this.#options.onChange([...changed].sort());
  }

  /** Reads the watched folders that were made, deleted or replaced in the meantime. */
  #readRoots(changed: Set<string>): void {
    for (const root of this.#roots) {
      try {
        root.update();
      } catch (error) {
        this.#fail(new WatchFailedError(dirname(root.path), error));
      }
      const exists = statSync(root.path, { throwIfNoEntry: false })?.isDirectory() === true;
      if (exists !== this.#tree.has(root.path)) this.#tree.refresh(root.path, changed);
    }
  }

  #nearestKnown(path: string): string | undefined {
    if (this.#tree.has(path)) return path;
    return this.#roots.some((root) => path.startsWith(root.path + sep))
      ? this.#nearestKnown(dirname(path))
      : undefined;
  }

  #isIgnored(path: string): boolean {
    const { ignore = isHidden } = this.#options;
    const root = this.#roots.find((candidate) => path.startsWith(candidate.path + sep));
    if (root === undefined) return false;
    let current = root.path;
    return relative(root.path, path)
      .split(sep)
      .some((name) => {
        current = join(current, name);
        return ignore(current);
      });
  }

  #isRoot(path: string): boolean {
    return this.#roots.some((root) => root.path === path);
  }

  #fail(error: WatchFailedError): void {
    if (!this.#active) throw error;
    if (this.#options.onError === undefined) process.emitWarning(error);
    else this.#options.onError(error);
  }
}

function isHidden(path: string): boolean {
  const name = basename(path);
  return name === "node_modules" || name.startsWith(".");
}

function checkOptions(folders: readonly string[], debounce: number): void {
  if (
    !Array.isArray(folders) ||
    folders.length === 0 ||
    folders.some((folder) => typeof folder !== "string")
  ) {
    throw new InvalidOptionError("folders", "an array of at least one path", folders);
  }
  if (!Number.isFinite(debounce) || debounce < 0) {
    throw new InvalidOptionError("debounce", "a number of milliseconds from 0", debounce);
  }
  for (const folder of folders) {
    if (statSync(folder, { throwIfNoEntry: false })?.isFile()) {
      throw new InvalidOptionError("folders", "an array of folders", folder);
    }
  }
}
