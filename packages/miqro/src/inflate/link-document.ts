import { posix } from "node:path";
import { toHTMLText } from "../markdown/html-text.js";
import { encodePath } from "./file-name.js";
import type { FoundLink } from "./scan-html.js";
import type { LinkTarget, SiteFile, SitePaths } from "./site-paths.js";

/** A document of a site. Its links must lead to files of the site. */
export interface LinkedDocument {
  /** The percent-encoded path at which it was rendered. */
  readonly path: string;
  readonly file: SiteFile;
  readonly text: string;
  readonly links: readonly FoundLink[];
  /** Whether the document is shown at any path, as the 404 page is. */
  readonly isAnywhere?: boolean;
}

/** A document with rewritten links, and its links without a target. */
export interface LinkResult {
  readonly text: string;
  /** Links to paths of the site that no file answers. */
  readonly open: readonly (LinkTarget & { readonly link: string })[];
  /** Links to pages with a query, which a file server ignores. */
  readonly queries: readonly string[];
}

/** Finds the targets of the links of a document, and rewrites the links that would lead elsewhere on a file server. */
export function linkDocument(document: LinkedDocument, site: SitePaths): LinkResult {
  const open: (LinkTarget & { readonly link: string })[] = [];
  const queries: string[] = [];
  const base = document.links.find(({ use }) => use === "base");
  // Links after <base> are relative to it, independent of the path of the file.
  const from = base === undefined ? document.path : toPath(base.value, document.path);
  const parts: string[] = [];
  let written = 0;
  for (const link of document.links) {
    const isBase = link === base;
    const target = site.follow(link.value, isBase ? document.path : from);
    if (target === undefined) continue;
    if (link.use === "page" || link.use === "asset") {
      if (target.file === undefined) open.push({ ...target, link: link.value });
      else if (link.use === "page" && target.rest.startsWith("?") && /\.html?$/.test(target.file.name)) {
        queries.push(link.value);
      }
    }
    const url = rewrite(link, target, document, base !== undefined && !isBase, site);
    if (url === link.value) continue;
    parts.push(document.text.slice(written, link.start), link.syntax === "html" ? toHTMLText(url) : url);
    written = link.end;
  }
  const text = written === 0 ? document.text : parts.join("") + document.text.slice(written);
  return { text, open, queries };
}

function rewrite(
  { value, use }: FoundLink,
  target: LinkTarget,
  { path, file, isAnywhere = false }: LinkedDocument,
  hasBase: boolean,
  { base }: SitePaths,
): string {
  if (/^[a-z][a-z\d+.-]*:|^\/\//i.test(value)) return value;
  const asked = target.file?.isRenamed === true ? `/${encodePath(target.file.name)}` : undefined;
  const isAbsolute = value.startsWith("/");
  if (isAbsolute || isAnywhere || use === "base") {
    if (asked === undefined && isAbsolute) return base.path + value.slice(1);
    return base.path + (asked ?? encodePath(target.path)).slice(1) + target.rest;
  }
  if (hasBase) return value;
  const up = file.isFolder ? "../" : "";
  if (asked === undefined) return up + value;
  return up + posix.relative(posix.dirname(path), asked) + target.rest;
}

function toPath(link: string, from: string): string {
  const url = new URL(link, `http://site.invalid${from}`);
  return url.pathname;
}
