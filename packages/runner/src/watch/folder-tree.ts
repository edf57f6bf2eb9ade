import { type Dirent, readdirSync, type Stats, statSync } from "node:fs";
import { join } from "node:path";

/** The callbacks of the owner of a folder tree. */
export interface FolderTreeListener {
  /** True for a file or folder that is not part of the tree. */
  readonly isIgnored: (path: string) => boolean;
  /** Called before a new folder is read, so that a watch that begins here misses no change. */
  readonly onFolder: (path: string) => void;
  readonly onFolderGone: (path: string) => void;
}

interface Folder {
  /** Identifies the folder itself, since another folder can be moved to its path. */
  readonly inode: number;
  /** State of each file by name, as text that changes when the file changes. */
  readonly files: Map<string, string>;
  readonly folders: Set<string>;
}

/**
 * The known state of the files below some folders. `refresh` reads a folder again and reports the difference, so the
 * number, the order and the names of the system's events do not matter.
 */
export class FolderTree {
  readonly #listener: FolderTreeListener;
  readonly #folders = new Map<string, Folder>();

  constructor(listener: FolderTreeListener) {
    this.#listener = listener;
  }

  has(path: string): boolean {
    return this.#folders.has(path);
  }

  /** Reads the folder at `path` and adds the paths of changed, new and deleted files and folders to `changed`. */
  refresh(path: string, changed: Set<string>): void {
    const stats = readStats(path);
    const known = this.#folders.get(path);
    const exists = stats?.isDirectory() === true;
    if (known !== undefined && !(exists && known.inode === stats.ino)) this.#remove(path, known, changed);
    if (!exists) return;
    if (!this.#folders.has(path)) {
      this.#folders.set(path, { inode: stats.ino, files: new Map(), folders: new Set() });
      this.#listener.onFolder(path);
      changed.add(path);
    }
    this.#read(path, changed);
  }

  #read(path: string, changed: Set<string>): void {
    const folder = this.#folders.get(path);
    const entries = readEntries(path);
    if (folder === undefined || entries === undefined) return;
    const files = new Set<string>();
    const folders = new Set<string>();

    for (const entry of entries) {
      const child = join(path, entry.name);
      if (this.#listener.isIgnored(child)) continue;
      const stats = readStats(child);
      if (stats?.isFile()) {
        files.add(entry.name);
        const state = `${stats.ino} ${stats.size} ${stats.mtimeMs}`;
        if (folder.files.get(entry.name) !== state) changed.add(child);
        folder.files.set(entry.name, state);
      } else if (stats?.isDirectory() && !entry.isSymbolicLink()) {
        // Links to folders are not followed: they may lead to a parent.
        folders.add(entry.name);
        folder.folders.add(entry.name);
        if (this.#folders.get(child)?.inode !== stats.ino) this.refresh(child, changed);
      }
    }
    for (const name of folder.files.keys()) {
      if (files.has(name)) continue;
      folder.files.delete(name);
      changed.add(join(path, name));
    }
    for (const name of folder.folders) {
      if (folders.has(name)) continue;
      folder.folders.delete(name);
      const child = join(path, name);
      const known = this.#folders.get(child);
      if (known !== undefined) this.#remove(child, known, changed);
    }
  }

  #remove(path: string, folder: Folder, changed: Set<string>): void {
    this.#folders.delete(path);
    this.#listener.onFolderGone(path);
    changed.add(path);
    for (const name of folder.files.keys()) changed.add(join(path, name));
    for (const name of folder.folders) {
      const child = join(path, name);
      const known = this.#folders.get(child);
      if (known !== undefined) this.#remove(child, known, changed);
    }
  }
}

function readStats(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch {
    // The file was deleted between two calls, is a circular link, or cannot be read. It is not watched in any of these
    // cases.
    return undefined;
  }
}

function readEntries(path: string): Dirent[] | undefined {
  try {
    return readdirSync(path, { withFileTypes: true });
  } catch {
    return undefined;
  }
}
