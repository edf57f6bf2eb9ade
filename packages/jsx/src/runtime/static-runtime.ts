import {
  type Runtime,
  type RuntimeLogger,
  type RuntimeOptions,
  type RuntimeURL,
  toBasePath,
} from "./runtime.js";

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
  let url = parseURL(options.url ?? "/");
  let arrivals = 0;
  return {
    basePath: toBasePath(options.basePath),
    logger: options.logger ?? (globalThis as unknown as { console: RuntimeLogger }).console,
    get url() {
      return url;
    },
    get arrivals() {
      return arrivals;
    },
    navigate(to, { arrive = true } = {}) {
      const next = parseURL(to);
      if (to.startsWith("#")) url = { ...url, hash: next.hash };
      else if (to.startsWith("?")) url = { ...next, pathname: url.pathname };
      else url = next;
      if (arrive) arrivals++;
      for (const listener of [...listeners]) listener();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
