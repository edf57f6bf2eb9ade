import type { SiteBase } from "./site-base.js";

/** The file of a static site that answers a path. */
export interface SiteFile {
  /** Below the root of the site, decoded. */
  readonly name: string;
  /** Whether file servers redirect the path to one with a slash, so that relative links of the page begin elsewhere. */
  readonly isFolder: boolean;
  /** Whether only another path leads to it, such as `/api/docs.md` for `/api/docs`. */
  readonly isRenamed: boolean;
}

/** The destination of a link. */
export interface LinkTarget {
  /** The path within the site, decoded. */
  readonly path: string;
  /** The query and the fragment. */
  readonly rest: string;
  /** Undefined where no file answers it. */
  readonly file: SiteFile | undefined;
}

/** Every path of a site, and the file that answers it. */
export class SitePaths {
  readonly #base: SiteBase;
  readonly #files = new Map<string, SiteFile>();
  /** Nearly all links of a site are the same few. */
  readonly #targets = new Map<string, LinkTarget | undefined>();

  constructor(base: SiteBase) {
    this.#base = base;
  }

  get base(): SiteBase {
    return this.#base;
  }

  /**
   * @param path - decoded
   * @param name - of its file
   */
  add(path: string, name: string): SiteFile {
    const bare = trimSlash(path);
    const isFolder = name === `${bare.slice(1)}/index.html` && !path.endsWith("/");
    const file = { name, isFolder, isRenamed: !isFolder && name !== bare.slice(1) && bare !== "/" };
    this.#files.set(bare, file);
    return file;
  }

  /** The file that answers a decoded path. */
  find(path: string): SiteFile | undefined {
    const bare = trimSlash(path);
    // File servers take the index of a folder.
    return this.#files.get(bare) ?? this.#files.get(bare === "/" ? "/index.html" : `${bare}/index.html`);
  }

  /**
   * The destination of a link of a document; undefined if it is outside of the site, or within the document.
   * @param from - the percent-encoded path of the document
   */
  follow(link: string, from: string): LinkTarget | undefined {
    if (link === "" || link.startsWith("#") || link.startsWith("?")) return undefined;
    const isAbsolute = link.startsWith("/");
    const key = isAbsolute ? link : `${from.slice(0, from.lastIndexOf("/") + 1)} ${link}`;
    if (this.#targets.has(key)) return this.#targets.get(key);
    const target = this.#resolve(link, from);
    // A path that is asked before the site is complete is asked again.
    if (target === undefined || target.file !== undefined) this.#targets.set(key, target);
    return target;
  }

  #resolve(link: string, from: string): LinkTarget | undefined {
    const { origin, path } = this.#base;
    const own = origin ?? "http://site.invalid";
    // Most links need no parser: one costs more than all else that is done for a link.
    const [, plain, fragment = ""] = /^((?:\/[\w-][\w.-]*)+\/?|\/)(#.*)?$/.exec(link) ?? [];
    if (plain !== undefined) return { path: plain, rest: fragment, file: this.find(plain) };
    if (!URL.canParse(link, own + from)) return undefined;
    const url = new URL(link, own + from);
    if (url.origin !== own) return undefined;
    let pathname = url.pathname;
    // Other addresses of the same origin belong to others.
    if (/^[a-z][a-z\d+.-]*:|^\/\//i.test(link)) {
      if (!pathname.startsWith(path)) return undefined;
      pathname = pathname.slice(path.length - 1);
    }
    const decoded = decode(pathname);
    return { path: decoded, rest: url.search + url.hash, file: this.find(decoded) };
  }
}

function decode(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

function trimSlash(path: string): string {
  return path.length > 1 && path.endsWith("/") ? path.slice(0, -1) : path;
}
