/**
 * The script in the pages. It receives the events of the server.
 * @param events - the path of the events
 */
export function clientScript(events: string): string {
  return `(${follow.toString()})(${JSON.stringify(events)});\n`;
}

/** The parts of the browser API that the script uses. The package is compiled without the DOM types. */
interface Browser {
  readonly document: {
    readonly currentScript: { readonly dataset: { readonly state?: string } };
    readonly documentElement: { append(element: unknown): void };
    createElement(name: string): BrowserElement;
    querySelectorAll(selector: string): Iterable<BrowserElement>;
  };
  readonly location: { readonly href: string; readonly origin: string; reload(): void };
  EventSource: new (
    url: string,
  ) => {
    addEventListener(name: string, listener: (event: { readonly data: string }) => void): void;
  };
}

interface BrowserElement {
  href: string;
  textContent: string;
  style: { cssText: string };
  onload: (() => void) | null;
  onerror: (() => void) | null;
  setAttribute(name: string, value: string): void;
  cloneNode(): BrowserElement;
  after(element: BrowserElement): void;
  remove(): void;
}

// The source of this function is sent to the browser, so it uses nothing else of this module.
function follow(events: string): void {
  const { document, location, EventSource } = globalThis as unknown as Browser;
  let [version, page, style] = (document.currentScript.dataset.state ?? "").split("_");
  const source = new EventSource(events);
  let notice: BrowserElement | undefined;
  source.addEventListener("state", ({ data }) => {
    const [newVersion, newPage, newStyle] = data.split("_");
    if (newVersion !== version || newPage !== page) location.reload();
    else if (newStyle !== style) swapStyles();
    [version, page, style] = [newVersion, newPage, newStyle];
  });
  const loading = new Set<BrowserElement>();
  const swapStyles = (): void => {
    // A newer change replaces this one.
    for (const link of loading) link.remove();
    loading.clear();
    for (const link of document.querySelectorAll('link[rel~="stylesheet"]')) {
      const url = new URL(link.href, location.href);
      if (url.origin !== location.origin) continue;
      const fresh = link.cloneNode();
      url.searchParams.set("hot", String(Date.now()));
      fresh.href = url.href;
      // The old style sheet is removed when the new one has loaded, so that the page always has one.
      fresh.onload = () => {
        loading.delete(fresh);
        link.remove();
      };
      fresh.onerror = () => {
        loading.delete(fresh);
        fresh.remove();
      };
      loading.add(fresh);
      link.after(fresh);
    }
  };
  source.addEventListener("failure", ({ data }) => {
    notice?.remove();
    notice = undefined;
    const lines = JSON.parse(data) as string[];
    if (lines.length === 0) return;
    notice = document.createElement("pre");
    notice.setAttribute("role", "alert");
    notice.textContent = ["The new version does not load; this is the old version.", "", ...lines].join("\n");
    notice.style.cssText =
      "position:fixed;z-index:2147483647;inset:auto 0 0 0;margin:0;padding:1rem;max-height:60vh;overflow:auto;" +
      "background:#2b0b0b;color:#fff;font:14px/1.5 ui-monospace,monospace;white-space:pre-wrap;border-top:4px solid #e5484d";
    document.documentElement.append(notice);
  });
}
