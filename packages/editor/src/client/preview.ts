import { Store } from "./store.js";

/** The state of the preview: the path in the app, and the number of requested reloads. */
export const preview = new Store<{ readonly path: string; readonly loads: number }>({ path: "/", loads: 0 });

/**
 * Returns the URL of the app for this browser. It has the host name of the editor's URL, so that both use the same
 * cookies.
 */
export function appURL(url: string | undefined, path: string): string | undefined {
  if (url === undefined) return undefined;
  const { port, protocol } = new URL(url);
  return `${protocol}//${location.hostname}:${port}${path}`;
}
