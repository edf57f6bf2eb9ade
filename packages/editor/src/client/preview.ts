import { Store } from "./store.js";

/** The state of the preview: the path in the app, and how often it was asked to load again. */
export const preview = new Store<{ readonly path: string; readonly loads: number }>({ path: "/", loads: 0 });

/**
 * The URL of the app for this browser. It has the host name by which the editor was opened, so that cookies are the
 * same.
 */
export function appURL(url: string | undefined, path: string): string | undefined {
  if (url === undefined) return undefined;
  const { port, protocol } = new URL(url);
  return `${protocol}//${location.hostname}:${port}${path}`;
}
