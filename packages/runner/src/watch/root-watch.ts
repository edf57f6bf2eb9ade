import { type FSWatcher, statSync, watch } from "node:fs";
import { basename, dirname, relative, sep } from "node:path";

/**
 * Notices when a watched folder itself is made, deleted or replaced (`rm -rf dist && tsc`), by watching the nearest
 * existing folder above it.
 */
export class RootWatch {
  readonly path: string;
  readonly #onEvent: (path: string) => void;
  #watcher: FSWatcher | undefined;
  #above = "";
  #inode = -1;

  constructor(path: string, onEvent: (path: string) => void) {
    this.path = path;
    this.#onEvent = onEvent;
  }

  /** Watches the nearest folder above that exists now. */
  update(): void {
    const above = nearestFolder(dirname(this.path));
    if (above.path === this.#above && above.inode === this.#inode) return;
    this.close();
    this.#above = above.path;
    this.#inode = above.inode;
    const next = relative(above.path, this.path).split(sep)[0];
    this.#watcher = watch(above.path, (_event, name) => {
      if (name === null || name === next || name === basename(above.path)) this.#onEvent(this.path);
    });
    this.#watcher.on("error", () => this.#onEvent(this.path));
    // A folder that is made between the check and the watch causes no event.
    if (nearestFolder(dirname(this.path)).path !== above.path) this.update();
  }

  close(): void {
    this.#watcher?.close();
    this.#watcher = undefined;
    this.#inode = -1;
  }
}

function nearestFolder(path: string): { readonly path: string; readonly inode: number } {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats?.isDirectory() || dirname(path) === path) return { path, inode: stats?.ino ?? 0 };
  return nearestFolder(dirname(path));
}
