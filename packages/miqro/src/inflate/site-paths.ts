import type { SiteBase } from "./site-base.js";

/** The file of a static site that answers a path. */
export interface SiteFile {
  /** The path below the root of the site, decoded. */
  readonly name: string;
  /**
   * Whether file servers redirect the path to the path with a slash. Relative links of the page then begin in another
   * folder.
   */
  readonly isFolder: boolean;
  /** Whether the file has another name than the path, such as `/api/docs.md` for `/api/docs`. */
  readonly isRenamed: boolean;
}

/** The destination of a link. */
export interface LinkTarget {
  /** The path within the site, decoded. */
  readonly path: string;
  /** The query and the fragment. */
  readonly rest: string;
  /** Undefined if no file answers it. */
  readonly file: SiteFile | undefined;
}

/** Every path of a site, and the file for it. */
export class SitePaths {
  readonly #base: SiteBase;
  readonly #files = new Map<string, SiteFile>();
  /** Most links of a site have the same few targets. */
  readonly #targets = new Map<string, LinkTarget | undefined>();

  constructor(base: SiteBase) {
    this.#base = base;
  }

  get base(): SiteBase {
    return this.#base;
  }

  /**
   * @param path - decoded
   * @param name - the name of its file
   */
  add(path: string, name: string): SiteFile {
    const bare = trimSlash(path);
    const isFolder = name === `${bare.slice(1)}/index.html` && !path.endsWith("/");
    const file = { name, isFolder, isRenamed: !isFolder && name !== bare.slice(1) && bare !== "/" };
    this.#files.set(bare, file);
    return file;
  }

  /** The file for a decoded path. */
  find(path: string): SiteFile | undefined {
    const bare = trimSlash(path);
    // For a folder, file servers send its index file.
    return this.#files.get(bare) ?? this.#files.get(bare === "/" ? "/index.html" : `${bare}/index.html`);
  }

  /**
   * The target of a link of a document; undefined if the target is outside of the site, or within the document.
   * @param from - the percent-encoded path of the document
   */
  follow(link: string, from: string): LinkTarget | undefined {
    if (link === "" || link.startsWith("#") || link.startsWith("?")) return undefined;
    const isAbsolute = link.startsWith("/");
    const key = isAbsolute ? link : `${from.slice(0, from.lastIndexOf("/") + 1)} ${link}`;
    if (this.#targets.has(key)) return this.#targets.get(key);
    const target = this.#resolve(link, from);
    // If a path is looked up before the site is complete, it is looked up again later.
    if (target === undefined || target.file !== undefined) this.#targets.set(key, target);
    return target;
  }

  #resolve(link: string, from: string): LinkTarget | undefined {
    const { origin, path } = this.#base;
    const own = origin ?? "http://site.invalid";
    // Most links need no URL parser, which would take longer than all other work for a link.
    const [, plain, fragment = ""] = /^((?:\/[\w-][\w.-]*)+\/?|\/)(#.*)?$/.exec(link) ?? [];
    if (plain !== undefined) return { path: plain, rest: fragment, file: this.find(plain) };
    if (!URL.canParse(link, own + from)) return undefined;
    const url = new URL(link, own + from);
    if (url.origin !== own) return undefined;
    let pathname = url.pathname;
    // Other paths of the same origin belong to other sites.
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
