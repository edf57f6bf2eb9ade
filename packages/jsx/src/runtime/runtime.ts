/** Where a page is. */
export interface RuntimeURL {
  /** The path, with a slash in front. */
  readonly pathname: string;
  /** The query string with its question mark, or an empty text. */
  readonly search: string;
  /** The fragment with its number sign, or an empty text. */
  readonly hash: string;
}

/** What writes what a component has to say to developers. */
export interface RuntimeLogger {
  debug(...values: unknown[]): void;
  info(...values: unknown[]): void;
  warn(...values: unknown[]): void;
  error(...values: unknown[]): void;
}

/** How `navigate` goes somewhere. */
export interface NavigateOptions {
  /** Replaces the entry of the history instead of adding one. */
  readonly replace?: boolean;
  /** False to leave focus and scroll positions alone, as for a filter that is kept in the query string. */
  readonly arrive?: boolean;
}

/** What a host tells components about the page that they are in. */
export interface Runtime {
  /** What each path of the application begins with; empty, or a path without a slash at the end. */
  readonly basePath: string;
  readonly logger: RuntimeLogger;
  /** Where the page is now; another object after each change. */
  readonly url: RuntimeURL;
  /** How often the page went on to another place, and is to have focus and scroll positions set. */
  readonly arrivals: number;
  /**
   * Goes to another place without loading a page.
   *
   * @param to a path with its base path, a query string or a fragment
   */
  navigate(to: string, options?: NavigateOptions): void;
  /** Has a function called when the URL changed, until the function that it returns is called. */
  subscribe(listener: () => void): () => void;
}

/** Settings of a runtime. */
export interface RuntimeOptions {
  /** What each path of the application begins with, empty by default. */
  readonly basePath?: string | undefined;
  /** Where the page is: a path with its query string, or a whole URL; `/` by default. */
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
