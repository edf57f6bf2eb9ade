import { type JSXNode, useEffect, useRef } from "@miqro/jsx";
import type { RouteInfo } from "../agent/service-info.js";
import { allRoutes, appInfo } from "./app-info.js";
import { live } from "./live.js";
import { appURL, preview } from "./preview.js";
import { useStore } from "./store.js";
import { activeFile, tabs } from "./workspace.js";

/** A page of the app, shown beside its source. */
export function PreviewPanel(): JSXNode {
  const { app } = useStore(live).status;
  const { path, loads } = useStore(preview);
  const { active } = useStore(tabs);
  const { services } = useStore(appInfo);
  const frame = useRef<HTMLIFrameElement>(null);
  const url = appURL(app.url, path);

  // Shows the page whose source file was opened.
  useEffect(() => {
    const page = allRoutes(services).find(
      (route) => route.file === active && route.method === "GET" && !/[:*]/.test(route.path),
    );
    // If there is no page at "/", shows the first page instead of a 404.
    const pages = allRoutes(services).filter((route) => route.method === "GET" && isShown(route));
    const first = pages.find((route) => !/[:*]/.test(route.path));
    if (path === "/" && first !== undefined && !pages.some((route) => route.path === "/")) {
      preview.set({ path: first.path });
    }
    const isPage = page !== undefined && isShown(page);
    if (isPage && activeFile()?.isCopy !== true) preview.set({ path: page.path });
  }, [active, services]);

  useEffect(() => {
    if (frame.current !== null && url !== undefined) frame.current.src = url;
  }, [url, loads, app.version]);

  const onSubmit = (event: Event): void => {
    event.preventDefault();
    const data = new FormData(event.target as HTMLFormElement);
    const typed = String(data.get("path") ?? "");
    preview.set({ path: typed.startsWith("/") ? typed : `/${typed}`, loads: loads + 1 });
  };

  return (
    <div class="fill">
      <form class="bar" onSubmit={onSubmit}>
        <input name="path" aria-label="Path of the page" value={path} spellcheck={false} autocomplete="off" />
        <button type="submit">Go</button>
        <button type="button" onClick={() => preview.set({ loads: loads + 1 })}>
          Reload
        </button>
        {url !== undefined && (
          <a href={url} target="_blank" rel="noreferrer">
            Open
          </a>
        )}
      </form>
      {url === undefined ? (
        <p class="hint">The app is not listening yet.</p>
      ) : (
        <iframe ref={frame} title="The page" class="page" />
      )}
    </div>
  );
}

function isShown({ kind }: RouteInfo): boolean {
  return ["page", "markdown"].includes(kind);
}
