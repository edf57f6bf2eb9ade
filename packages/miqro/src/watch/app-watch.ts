import { type FileWatcher, type WatchOptions, watchFiles } from "@miqro/runner/watch";
import type { WatchedPaths } from "./watched-paths.js";

/** How to watch the files of an app. */
export interface AppWatchOptions extends Required<Pick<WatchOptions, "onChange" | "onError" | "debounce">> {
  /** Finds the paths that the app has now. */
  findPaths(): Promise<WatchedPaths>;
}

/** A watch on the files of an app, whose paths change with its versions. */
export interface AppWatch {
  /** The paths that are watched now. */
  readonly paths: WatchedPaths;
  /** Finds the paths again and watches them. */
  update(): Promise<void>;
  close(): void;
}

/** Starts to watch the files of an app. */
export async function watchApp(options: AppWatchOptions): Promise<AppWatch> {
  const { findPaths, onChange, onError, debounce } = options;
  let paths = await findPaths();
  const watch = (): FileWatcher =>
    watchFiles({
      folders: paths.folders,
      ignore: (path) => paths.isIgnored(path),
      debounce,
      onChange,
      onError,
    });
  let watcher = watch();
  let isOver = false;
  const ending = new Map<FileWatcher, NodeJS.Timeout>();
  const end = (old: FileWatcher): void => {
    clearTimeout(ending.get(old));
    ending.delete(old);
    old.close();
  };
  const renew = async (): Promise<void> => {
    const found = await findPaths();
    if (isOver) return;
    paths = found;
    // The old watch ends after it has reported all changes before the begin of the new watch, so that no change is
    // lost.
    ending.set(watcher, setTimeout(end, 5 * debounce, watcher));
    watcher = watch();
  };
  let renewed: Promise<void> = Promise.resolve();
  return {
    get paths() {
      return paths;
    },
    update() {
      // If two updates ran at once, the older paths could replace the newer ones.
      renewed = renewed.then(renew, renew);
      return renewed;
    },
    close() {
      isOver = true;
      for (const one of [watcher, ...ending.keys()]) end(one);
    },
  };
}
