import {
  type Runtime,
  type RuntimeLogger,
  type RuntimeOptions,
  type RuntimeURL,
  toBasePath,
} from "./runtime.js";

type Writable<Type> = { -readonly [Key in keyof Type]: Type[Key] };

/** Splits a URL or a path. It does not resolve dots and does not decode escapes. */
function parseURL(url: string): RuntimeURL {
  const [, pathname = "", search = "", hash = ""] =
    /^(?:[a-z][a-z\d+.-]*:\/\/[^/?#]*)?([^?#]*)(\?[^#]*)?(#.*)?$/is.exec(url) ?? [];
  return { pathname: pathname.startsWith("/") ? pathname : `/${pathname}`, search, hash };
}

/**
 * Makes a runtime without a page, for servers and tests. `navigate` changes its `url`.
 *
 * @param options URL, base path and logger
 */
export function createStaticRuntime(options: RuntimeOptions = {}): Runtime {
  const listeners = new Set<() => void>();
  // Plain properties: a literal with getters has a hidden class of its own in each page, which keeps the page in memory
  // until the old generation is collected.
  const runtime: Writable<Runtime> = {
    basePath: toBasePath(options.basePath),
    logger: options.logger ?? (globalThis as unknown as { console: RuntimeLogger }).console,
    url: parseURL(options.url ?? "/"),
    arrivals: 0,
    navigate(to, { arrive = true } = {}) {
      const next = parseURL(to);
      if (to.startsWith("#")) runtime.url = { ...runtime.url, hash: next.hash };
      else if (to.startsWith("?")) runtime.url = { ...next, pathname: runtime.url.pathname };
      else runtime.url = next;
      if (arrive) runtime.arrivals++;
      for (const listener of [...listeners]) listener();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
  return runtime;
}
