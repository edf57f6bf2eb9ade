import * as nodeModule from "node:module";
import { resolve, sep } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

// The folder of miqro itself, which need not be below node_modules.
const own = fileURLToPath(new URL("../../", import.meta.url));

/** The output of miqro's own compiler is old when a source is, and is deleted later. */
function isCompiled(path: string): boolean {
  const { JSX_TMP } = process.env;
  return JSX_TMP !== undefined && JSX_TMP !== "" && path.startsWith(resolve(JSX_TMP) + sep);
}

/** The files of the app that this process loads, and those that it looked for. */
export interface LoadedFiles {
  /** Adds files that were loaded in another way, such as files that a compiler included in its output. */
  add(files: readonly string[]): void;
  /**
   * Calls back with the files that were not told yet, soon after they are known, and with the time since which files
   * are loaded, in milliseconds since 1970.
   */
  onFiles(callback: (files: readonly string[], since: number) => void): void;
  /** Reports at once everything that has not been reported yet, for a process that is about to end. */
  flush(): void;
}

/**
 * Notes from now on every module that is resolved, wherever it lies, but not installed packages: these change with an
 * installation only. A package that is linked, as those of a workspace are, is resolved to its real path, and counts.
 */
export function recordLoadedFiles(): LoadedFiles {
  const known = new Set<string>();
  let news: string[] = [];
  let timer: NodeJS.Timeout | undefined;
  let since: number | undefined;
  let tell: ((files: readonly string[], since: number) => void) | undefined;
  const flush = (): void => {
    clearTimeout(timer);
    timer = undefined;
    if (tell === undefined || news.length === 0) return;
    const files = news;
    news = [];
    tell(files, since ?? 0);
  };
  const add = (url: unknown): void => {
    if (typeof url !== "string" || known.has(url)) return;
    known.add(url);
    if (!url.startsWith("file:")) return;
    const path = fileURLToPath(url.replace(/[?#].*$/, ""));
    if (path.startsWith(own) || path.includes(`${sep}node_modules${sep}`) || isCompiled(path)) return;
    since ??= Date.now();
    news.push(path);
    timer ??= setTimeout(flush, 20).unref();
  };
  // Node.js 22.15 and newer; older ones watch the folders of the services and what tsc writes.
  nodeModule.registerHooks?.({
    resolve(specifier, context, next) {
      try {
        const resolved = next(specifier, context);
        add(resolved.url);
        return resolved;
      } catch (error) {
        // It may come to be: the next version waits for it.
        add((error as { readonly url?: unknown } | undefined)?.url);
        throw error;
      }
    },
  });
  return {
    add(files) {
      for (const file of files) add(pathToFileURL(file).href);
    },
    onFiles(callback) {
      tell = callback;
      flush();
    },
    flush,
  };
}
