import * as nodeModule from "node:module";
import { resolve, sep } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

// The folder of miqro itself, which may be outside of node_modules.
const own = fileURLToPath(new URL("../../", import.meta.url));

/** An output of miqro's own compiler becomes old when its source changes, and is deleted later. */
function isCompiled(path: string): boolean {
  const { JSX_TMP } = process.env;
  return JSX_TMP !== undefined && JSX_TMP !== "" && path.startsWith(resolve(JSX_TMP) + sep);
}

/** The files of the app that this process loads, and the files that it looked for. */
export interface LoadedFiles {
  /** Adds files that were loaded in another way since the begin, such as files that a compiler has read. */
  add(files: readonly string[]): void;
  /**
   * Calls back with the files that were not reported yet, soon after they are known. It also passes the time since
   * which these files are loaded, in milliseconds since 1970.
   */
  onFiles(callback: (files: readonly string[], since: number) => void): void;
  /** Reports at once everything that has not been reported yet, for a process that is about to end. */
  flush(): void;
}

/**
 * Records every module that is resolved from now on, at any path, except installed packages: these change only by an
 * installation. A linked package, as in a workspace, is resolved to its real path, and is recorded.
 */
export function recordLoadedFiles(): LoadedFiles {
  const known = new Set<string>();
  const begin = Date.now();
  let news: string[] = [];
  let since = Number.POSITIVE_INFINITY;
  let timer: NodeJS.Timeout | undefined;
  let tell: ((files: readonly string[], since: number) => void) | undefined;
  const flush = (): void => {
    clearTimeout(timer);
    timer = undefined;
    if (tell === undefined || news.length === 0) return;
    const report = [news, since] as const;
    news = [];
    since = Number.POSITIVE_INFINITY;
    tell(...report);
  };
  const add = (url: unknown, time: number): void => {
    if (typeof url !== "string" || known.has(url)) return;
    known.add(url);
    if (!url.startsWith("file:")) return;
    const path = fileURLToPath(url.replace(/[?#].*$/, ""));
    if (path.startsWith(own) || path.includes(`${sep}node_modules${sep}`) || isCompiled(path)) return;
    since = Math.min(since, time);
    news.push(path);
    timer ??= setTimeout(flush, 20).unref();
  };
  // Node.js 22.15 and newer have such hooks. Older versions watch the folders of the services and the outputs of tsc.
  nodeModule.registerHooks?.({
    resolve(specifier, context, next) {
      try {
        const resolved = next(specifier, context);
        add(resolved.url, Date.now());
        return resolved;
      } catch (error) {
        // The missing file may be created later, and the next version needs it.
        add((error as { readonly url?: unknown } | undefined)?.url, Date.now());
        throw error;
      }
    },
  });
  return {
    add(files) {
      for (const file of files) add(pathToFileURL(file).href, begin);
    },
    onFiles(callback) {
      tell = callback;
      flush();
    },
    flush,
  };
}
