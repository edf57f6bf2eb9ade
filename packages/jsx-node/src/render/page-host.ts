import { type ComponentHost, createStaticRuntime, type Runtime } from "@miqro/jsx";
import { JSXNodeError } from "../errors.js";
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
  /**
   * What the ids of `useId` begin with, `s` by default. Of several renderings in one page, each needs its own: a letter,
   * and then letters, digits and hyphens. The page gives the same one to `hydrate`.
   */
  readonly idPrefix?: string | undefined;
  /** What `useRuntime` gives; by default one that is made of `url` and `basePath`. */
  readonly runtime?: Runtime | undefined;
  /** Called with what a developer should know, each thing once; `console.warn` by default. */
  readonly onWarning?: ((message: string) => void) | undefined;
}

/**
 * Makes the host of a page: nothing is rendered a second time, and no effect runs.
 *
 * @throws JSXNodeError `JSX_INVALID_PREFIX`
 */
export function createPageHost({ url, basePath, runtime, idPrefix = "s" }: RenderOptions): ComponentHost {
  if (!/^[a-z][\w-]*$/i.test(idPrefix)) {
    throw new JSXNodeError(
      "JSX_INVALID_PREFIX",
      `${JSON.stringify(idPrefix)} cannot be the idPrefix of a page: use a letter, and then letters, digits and hyphens.`,
    );
  }
  return {
    live: false,
    idPrefix,
    element: undefined,
    runtime: runtime ?? (url === undefined ? undefined : createStaticRuntime({ url, basePath })),
    update() {},
    report() {},
  };
}
