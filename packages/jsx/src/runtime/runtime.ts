/** The location of a page. */
export interface RuntimeURL {
  /** The path, with a slash in front. */
  readonly pathname: string;
  /** The query string with its question mark, or an empty string. */
  readonly search: string;
  /** The fragment with its number sign, or an empty string. */
  readonly hash: string;
}

/** The logger for messages of components to developers. */
export interface RuntimeLogger {
  debug(...values: unknown[]): void;
  info(...values: unknown[]): void;
  warn(...values: unknown[]): void;
  error(...values: unknown[]): void;
}

/** Options of `navigate`. */
export interface NavigateOptions {
  /** Replaces the entry of the history instead of adding one. */
  readonly replace?: boolean;
  /** False to keep focus and scroll positions, as for a filter that is kept in the query string. */
  readonly arrive?: boolean;
}

/** The page, as a host presents it to components. */
export interface Runtime {
  /** The prefix of all paths of the application: empty, or a path without a slash at the end. */
  readonly basePath: string;
  readonly logger: RuntimeLogger;
  /** The current location. It is a new object after each change. */
  readonly url: RuntimeURL;
  /** How often the page went to another place and needs new focus and scroll positions. */
  readonly arrivals: number;
  /**
   * Goes to another place without loading a page.
   *
   * @param to a path with its base path, a query string or a fragment
   */
  navigate(to: string, options?: NavigateOptions): void;
  /** Calls a function whenever the URL changed, until the returned function is called. */
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

/** A base path without a slash at its end. */
export function toBasePath(path: string | undefined): string {
  return (path ?? "").replace(/\/+$/, "");
}

/** The runtime, with a base path of its own. */
export function withBasePath(outer: Runtime, basePath: string | undefined): Runtime {
  if (basePath === undefined) return outer;
  const inner = Object.create(outer) as { basePath: string };
  Object.defineProperty(inner, "basePath", { value: toBasePath(basePath) });
  return inner as Runtime;
}

/** The path that the application sees: without its base path. */
export function toInnerPath({ basePath, url: { pathname } }: Runtime): string {
  if (pathname === basePath) return "/";
  return pathname.startsWith(`${basePath}/`) ? pathname.slice(basePath.length) : pathname;
}
