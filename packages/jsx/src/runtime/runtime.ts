/** The location of a page. */
export interface RuntimeURL {
  /** The path, which begins with a slash. */
  readonly pathname: string;
  /** The query string with the question mark, or an empty string. */
  readonly search: string;
  /** The fragment with the `#`, or an empty string. */
  readonly hash: string;
}

/** A logger for messages to developers. */
export interface RuntimeLogger {
  debug(...values: unknown[]): void;
  info(...values: unknown[]): void;
  warn(...values: unknown[]): void;
  error(...values: unknown[]): void;
}

/** Options of `navigate`. */
export interface NavigateOptions {
  /** Replaces the current entry of the history instead of adding an entry. */
  readonly replace?: boolean;
  /** False to keep focus and scroll positions. Use it if a change of the query string only filters the content. */
  readonly arrive?: boolean;
}

/** The page in the form that components use: its URL, its base path, navigation and a logger. */
export interface Runtime {
  /** The prefix of all paths of the application: empty, or a path without a slash at the end. */
  readonly basePath: string;
  readonly logger: RuntimeLogger;
  /** The current location. It is a new object after each change. */
  readonly url: RuntimeURL;
  /** The number of navigations after which focus and scroll positions must be set. */
  readonly arrivals: number;
  /**
   * Shows another URL without loading a page.
   *
   * @param to a path (with the base path), a query string or a fragment
   */
  navigate(to: string, options?: NavigateOptions): void;
  /** Calls `listener` after each change of the URL. Returns a function that ends the subscription. */
  subscribe(listener: () => void): () => void;
}

/** Settings of a runtime. */
export interface RuntimeOptions {
  /** The prefix of all paths of the application, empty by default. */
  readonly basePath?: string | undefined;
  /** The location of the page: a path with its query string, or a whole URL; `/` by default. */
  readonly url?: string | undefined;
  /** `console` by default. */
  readonly logger?: RuntimeLogger | undefined;
}

/** Removes a slash at the end of a base path. */
export function toBasePath(path: string | undefined): string {
  return (path ?? "").replace(/\/+$/, "");
}

/** Returns the same runtime with another base path. */
export function withBasePath(outer: Runtime, basePath: string | undefined): Runtime {
  if (basePath === undefined) return outer;
  const inner = Object.create(outer) as { basePath: string };
  Object.defineProperty(inner, "basePath", { value: toBasePath(basePath) });
  return inner as Runtime;
}

/** Returns the current path without the base path. */
export function toInnerPath({ basePath, url: { pathname } }: Runtime): string {
  if (pathname === basePath) return "/";
  return pathname.startsWith(`${basePath}/`) ? pathname.slice(basePath.length) : pathname;
}
