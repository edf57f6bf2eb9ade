import { type ComponentHost, createStaticRuntime, type Runtime } from "@miqro/jsx";
import { JSXNodeError } from "../errors.js";
import type { ModulePreload } from "./html-writer.js";

/** The options of all functions that render a page on a server. */
export interface RenderOptions {
  /**
   * Called with the `src` of each `<script>`. It returns URLs. Each URL is written once, as a
   * `<link rel="modulepreload">` before the script.
   */
  readonly modulePreload?: ModulePreload | undefined;
  /**
   * The location of the page, for `usePathname`, `useQuery`, `Link` and `Router`: a path with its query string, or a
   * URL.
   */
  readonly url?: string | undefined;
  /** The prefix of all paths of the application; empty by default. */
  readonly basePath?: string | undefined;
  /**
   * The prefix of the ids of `useId`: a letter, then letters, digits and hyphens. Default: `s`. If one page contains
   * several renderings, each needs a different prefix. Pass the same prefix to `hydrate`.
   */
  readonly idPrefix?: string | undefined;
  /** The runtime that `useRuntime` returns. Default: a runtime with `url` and `basePath`. */
  readonly runtime?: Runtime | undefined;
  /** Called with each warning for developers, once; `console.warn` by default. */
  readonly onWarning?: ((message: string) => void) | undefined;
}

/**
 * Makes the host of a page. Its components render once, and effects do not run.
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
