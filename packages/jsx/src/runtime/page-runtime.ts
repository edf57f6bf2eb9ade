import type { Runtime, RuntimeLogger, RuntimeURL } from "./runtime.js";

/** The parts of a page that this module uses: the package has no types of the DOM. */
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
  // The browser restores focus and scroll positions itself when it goes back.
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
      // Two slashes would begin the name of a host.
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

/** The runtime of the current page, `undefined` if there is no page. */
export function findPageRuntime(): Runtime | undefined {
  if (page.location !== undefined) runtime ??= createPageRuntime(page.location);
  return runtime;
}
