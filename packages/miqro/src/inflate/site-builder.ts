import { isAscii } from "node:buffer";
import { HttpError } from "@miqro/core";
import type { Problem } from "../errors.js";
import type { LoadedService } from "../service/load-service.js";
import { describeFailure } from "./describe-failure.js";
import { toFileName, toMediaType } from "./file-name.js";
import type { InflatedFile, InflateProgress, LeftOutRoute } from "./inflate-options.js";
import { linkDocument } from "./link-document.js";
import { OpenLinks } from "./open-links.js";
import { toRedirectPage } from "./redirect-page.js";
import type { SiteRequests } from "./request-targets.js";
import { type FoundLink, type ScannedHTML, scanCSS, scanHTML } from "./scan-html.js";
import type { SiteBase } from "./site-base.js";
import { type IndexedPage, toSiteIndex } from "./site-index.js";
import type { SiteOutput } from "./site-output.js";
import { type SiteFile, SitePaths } from "./site-paths.js";
import type { Answered, Target } from "./target.js";

/** The input of a static site. */
export interface SiteBuilderOptions {
  readonly base: SiteBase;
  readonly output: SiteOutput;
  readonly requests: SiteRequests;
  readonly services: readonly LoadedService[];
  /** The destination of the files of a service. */
  rootOf(service: LoadedService): string;
}

/** The options of a static site. */
export interface BuildOptions {
  readonly parallel: number;
  /** Whether the site has pages, and therefore a page for unknown paths. */
  readonly hasPages: boolean;
  onProgress(progress: InflateProgress): void;
}

/** Makes files from the answers to the paths of a site, and collects the problems. */
export class SiteBuilder {
  readonly problems: Problem[] = [];
  readonly leftOut: LeftOutRoute[] = [];
  readonly #options: SiteBuilderOptions;
  readonly #site: SitePaths;
  readonly #openLinks: OpenLinks;
  readonly #files = new Map<string, InflatedFile>();
  /** The targets. The key is the name of the file. */
  readonly #taken = new Map<string, Target>();
  readonly #indexed: IndexedPage[] = [];
  readonly #queries = new Map<string, string>();
  readonly #posts = new Set<string>();
  readonly #scanned: Scanned[] = [];

  constructor(options: SiteBuilderOptions) {
    this.#options = options;
    this.#site = new SitePaths(options.base);
    this.#openLinks = new OpenLinks(options.services);
  }

  async build(targets: readonly Target[], { parallel, hasPages, onProgress }: BuildOptions): Promise<void> {
    const { requests } = this.#options;
    const [known, unknown]: [Target[], Target[]] = [[], []];
    for (const target of targets) {
      if (target.name === undefined) unknown.push(target);
      else {
        known.push(target);
        this.#site.add(target.decoded, target.name);
      }
    }
    const total = targets.length;
    let done = 0;
    const count = ({ path }: Target) => onProgress({ done: ++done, total, path });
    // Links to these targets can only be written when their content types are known.
    const held: Answered[] = [];
    await requests.askAll(unknown, parallel, (answered) => {
      const { target, contentType } = answered;
      const name = toFileName(target.decoded, contentType);
      if (name !== undefined) this.#site.add(target.decoded, name);
      held.push(answered);
      count(target);
    });
    for (const answered of held) await this.#take(answered);
    await requests.askAll(known, parallel, async (answered) => {
      await this.#take(answered);
      count(answered.target);
    });
    if (hasPages) await this.#addNotFoundPage();
    this.#addIndex();
    this.problems.push(
      ...this.#openLinks.problems(this.#site, new Set(this.leftOut.map(({ path }) => path))),
    );
  }

  async #take(answered: Answered): Promise<void> {
    const { target, status, contentType, location, error } = answered;
    const { source: file, path } = target;
    const fail = (message: string) => this.problems.push({ file, message, cause: error });
    if (status === 401 || status === 403) {
      this.leftOut.push({ path, file, status });
      return;
    }
    if (status >= 301 && status <= 308 && status !== 304 && location !== undefined) {
      const name = toFileName(target.decoded, "text/html");
      if (name !== undefined) this.#addRedirect(target, name, location);
      else
        fail(
          `${path} redirects to ${location}, but only a page can redirect. End the path with .html, or link to ${location}.`,
        );
      return;
    }
    if (error !== undefined || status !== 200) {
      fail(describeFailure(path, status, error));
      return;
    }
    const name =
      target.disk === undefined ? toFileName(target.decoded, contentType) : target.decoded.slice(1);
    if (name === undefined || (target.name !== undefined && name !== target.name)) {
      const type = toMediaType(contentType);
      const why =
        target.name?.endsWith(".html") === true
          ? "a page of a static site answers HTML. Return an element, or send HTML with res.html()."
          : "a file server sends another content type for the extension of the path. Change the path or the answer.";
      fail(`${path} answers ${type}, but ${why}`);
      return;
    }
    await this.#write(answered, name);
  }

  async #write({ target, contentType, body }: Answered, name: string): Promise<void> {
    if (!this.#claim(name, target)) return;
    const { output, rootOf } = this.#options;
    const file = rootOf(target.service) + name;
    this.#files.set(file, { path: target.path, contentType });
    const type = toMediaType(contentType);
    const siteFile = this.#site.find(target.decoded);
    if (body === undefined) await output.copy(file, target.disk ?? "");
    else if (type === "text/html" && siteFile !== undefined) {
      output.add(file, this.#linkHTML(target, siteFile, body));
    } else if (type === "text/css" && siteFile !== undefined) {
      const text = body.toString();
      const linked = this.#link(target, siteFile, text, scanCSS(text));
      output.add(file, linked === text ? body : Buffer.from(linked));
    } else output.add(file, body);
  }

  /** Whether a target may use its file name. The same page at another path may use the same file. */
  #claim(name: string, target: Target): boolean {
    const { service } = target;
    const key = this.#options.rootOf(service) + name;
    const other = this.#taken.get(key);
    if (other === undefined) {
      this.#taken.set(key, target);
      return true;
    }
    if (other.source !== target.source) {
      this.problems.push({
        file: target.source,
        message: `${target.path} and ${other.path} of ${other.source} would both be the file ${key}. Change one of the paths.`,
      });
    }
    return false;
  }

  #linkHTML(target: Target, file: SiteFile, body: Buffer, isAnywhere = false): Buffer {
    const { html, scanned, isASCII } = this.#scan(body);
    const text = this.#link(target, file, html, scanned.links, isAnywhere);
    if (scanned.posts) this.#posts.add(target.source);
    if (target.isFirst && !isAnywhere) this.#index(target, file, scanned);
    const whole = isASCII ? text : withCharset(text, scanned, html === text);
    return whole === html ? body : Buffer.from(whole);
  }

  /** Markdown pages have two paths, so the next document is probably the same as the last one. */
  #scan(body: Buffer): Scanned {
    const found = this.#scanned.findIndex((one) => one.body.equals(body));
    const [scanned = scanBody(body)] = found === -1 ? [] : this.#scanned.splice(found, 1);
    if (found === -1) this.#scanned.push(scanned);
    if (this.#scanned.length > 8) this.#scanned.shift();
    return scanned;
  }

  #link(
    target: Target,
    file: SiteFile,
    text: string,
    links: readonly FoundLink[],
    isAnywhere = false,
  ): string {
    const result = linkDocument({ path: target.path, file, text, links, isAnywhere }, this.#site);
    for (const open of result.open) this.#openLinks.add(open, target);
    for (const link of result.queries) this.#queries.set(link, target.source);
    return result.text;
  }

  #index({ path, date }: Target, { isFolder }: SiteFile, { title, meta }: ScannedHTML): void {
    const { origin, path: root } = this.#options.base;
    if (origin === undefined || /\bnoindex\b/i.test(meta.get("robots") ?? "")) return;
    // File servers show a page with the name index for its folder.
    const folder = path.slice(1).replace(/(?:^|(?<=\/))index(?:\.html)?$/, "");
    const isIndex = this.#site.find(`/${folder}index.html`) !== undefined;
    this.#indexed.push({
      url: origin + root + (isIndex ? folder : path.slice(1) + (isFolder ? "/" : "")),
      title: title ?? path,
      description: meta.get("description"),
      date: meta.get("article:published_time") ?? date,
    });
  }

  #addRedirect(target: Target, name: string, location: string): void {
    if (!this.#claim(name, target)) return;
    const { output, rootOf } = this.#options;
    const link: FoundLink = { start: 0, end: location.length, value: location, use: "page", syntax: "css" };
    const file = this.#site.find(target.decoded) ?? this.#site.add(target.decoded, name);
    const url = this.#link(target, file, location, [link]);
    const path = rootOf(target.service) + name;
    this.#files.set(path, { path: target.path, contentType: "text/html; charset=utf-8" });
    output.add(path, Buffer.from(toRedirectPage(url)));
  }

  /** Adds the answer to a request for an unknown path. Many file servers send this page in that case. */
  async #addNotFoundPage(): Promise<void> {
    const { services, requests, output, rootOf } = this.#options;
    const service =
      services.findLast(({ http }) => http.some(({ file }) => file.isNotFoundPage)) ?? services[0];
    if (service === undefined || this.#site.find("/404.html") !== undefined) return;
    const page = service.http.find(({ file }) => file.isNotFoundPage);
    const target: Target = {
      ...{ service, path: "/404.html", decoded: "/404.html", name: "404.html", isPage: true, isFirst: false },
      source: page?.file.source ?? service.configs.get("catch")?.file.source ?? service.scanned.folder,
    };
    const { status, contentType, body, error } = await requests.askMuted(target);
    const isPage = toMediaType(contentType) === "text/html";
    // A catch.ts may give every error one status, that of unknown paths as well: then the site has no such page.
    const isOwnStatus = error instanceof HttpError && error.status === 404;
    if (status >= 500 && !isOwnStatus) {
      this.problems.push({
        file: target.source,
        message: describeFailure("the 404 page", status, error),
        cause: error,
      });
    }
    if (status !== 404 || !isPage || body === undefined) return;
    const name = `${rootOf(service)}404.html`;
    const file = this.#site.add("/404.html", "404.html");
    this.#files.set(name, { path: "/404.html", contentType });
    output.add(name, this.#linkHTML(target, file, body, true));
  }

  #addIndex(): void {
    const { base, services, output, rootOf } = this.#options;
    const [service] = services;
    if (base.origin === undefined || service === undefined) return;
    for (const [name, text] of toSiteIndex(this.#indexed, base.origin + base.path)) {
      if (this.#site.find(`/${name}`) !== undefined) continue;
      this.#site.add(`/${name}`, name);
      const contentType = name.endsWith(".xml") ? "application/xml" : "text/plain; charset=utf-8";
      this.#files.set(rootOf(service) + name, { path: `/${name}`, contentType });
      output.add(rootOf(service) + name, Buffer.from(text));
    }
  }

  /** Every file, sorted by name. */
  files(bodies: ReadonlyMap<string, Buffer> | undefined): ReadonlyMap<string, InflatedFile> {
    const names = [...this.#files.keys()].sort();
    return new Map(
      names.map((name) => {
        const file = this.#files.get(name) as InflatedFile;
        const body = bodies?.get(name);
        return [name, body === undefined ? file : { ...file, body }];
      }),
    );
  }

  /** The features of the live server that a file server lacks. */
  notes(): readonly string[] {
    const notes: string[] = [];
    for (const [link, source] of this.#queries) {
      notes.push(
        `${source}: the link "${link}" has a query, which a file server ignores: it shows the page without it.`,
      );
    }
    for (const source of this.#posts) {
      notes.push(`${source}: it has a form with the method POST, which needs a server.`);
    }
    return notes;
  }
}

interface Scanned {
  readonly body: Buffer;
  readonly html: string;
  readonly isASCII: boolean;
  readonly scanned: ScannedHTML;
}

function scanBody(body: Buffer): Scanned {
  const isASCII = isAscii(body);
  const html = isASCII ? body.toString("latin1") : body.toString();
  return { body, html, isASCII, scanned: scanHTML(html) };
}

/** File servers do not declare the encoding of HTML, so the page must. */
function withCharset(text: string, { hasCharset, headStart }: ScannedHTML, isUnmoved: boolean): string {
  if (hasCharset) return text;
  const meta = '<meta charset="utf-8">';
  if (headStart !== undefined && isUnmoved) return text.slice(0, headStart) + meta + text.slice(headStart);
  const [start = ""] = /^\s*(?:<!doctype[^>]*>)?\s*(?:<html[^>]*>)?\s*(?:<head[^>]*>)?/i.exec(text) ?? [];
  return start + meta + text.slice(start.length);
}
