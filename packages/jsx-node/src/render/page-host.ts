import { type ComponentHost, createStaticRuntime, type Runtime } from "@miqro/jsx";
import type { ModulePreload } from "./html-writer.js";

/** What all ways to render a page on a server take. */
export interface RenderOptions {
  /**
   * Called with the `src` of each `<script>`: the URLs that it returns are written as `<link rel="modulepreload">`
   * before the script, each once.
   */
  readonly modulePreload?: ModulePreload | undefined;
  /** Where the page is, for `usePathname`, `useQuery`, `Link` and `Router`: a path with its query string, or a URL. */
  readonly url?: string | undefined;
  /** What each path of the application begins with; empty by default. */
  readonly basePath?: string | undefined;
  /** What `useRuntime` gives; by default one that is made of `url` and `basePath`. */
  readonly runtime?: Runtime | undefined;
  /** Called with what a developer should know, each thing once; `console.warn` by default. */
  readonly onWarning?: ((message: string) => void) | undefined;
}

/** Makes the host of a page: nothing is rendered a second time, and no effect runs. */
export function createPageHost({ url, basePath, runtime }: RenderOptions): ComponentHost {
  return {
    live: false,
    idPrefix: "s",
    element: undefined,
    runtime: runtime ?? (url === undefined ? undefined : createStaticRuntime({ url, basePath })),
    update() {},
    report() {},
  };
}
