import type { Runtime, RuntimeLogger, RuntimeURL } from "./runtime.js";

/**
 * The members of `globalThis` that this module uses. They are declared here, because the package does not use the types
 * of the DOM.
 */
interface Page {
  readonly location?: RuntimeURL & { readonly origin: string };
  readonly history: Record<
    "pushState" | "replaceState",
    (state: unknown, title: string, url: string) => void
  > & {
    readonly state: unknown;
  };
  readonly console: RuntimeLogger;
  addEventListener(type: "popstate", listener: () => void): void;
}

const page = globalThis as unknown as Page;
let runtime: Runtime | undefined;

function createPageRuntime(location: RuntimeURL & { readonly origin: string }): Runtime {
  const listeners = new Set<() => void>();
  const read = (): RuntimeURL => ({
    pathname: location.pathname,
    search: location.search,
    hash: location.hash,
  });
  let url = read();
  let arrivals = 0;
  const changed = () => {
    url = read();
    for (const listener of [...listeners]) listener();
  };
  // When the user goes back, the browser itself restores focus and scroll positions. So this does not increase
  // `arrivals`.
  page.addEventListener("popstate", changed);
  return {
    basePath: "",
    logger: page.console,
    get url() {
      return url;
    },
    get arrivals() {
      return arrivals;
    },
    navigate(to, { replace = false, arrive = true } = {}) {
      // `//a/b` would be a URL of the host `a`, so the origin is added.
      const url = to.startsWith("//") ? location.origin + to : to;
      if (replace) page.history.replaceState(page.history.state, "", url);
      else page.history.pushState(null, "", url);
      if (arrive) arrivals++;
      changed();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** Returns the runtime of the current page, or `undefined` if there is no page. */
export function findPageRuntime(): Runtime | undefined {
  if (page.location !== undefined) runtime ??= createPageRuntime(page.location);
  return runtime;
}
