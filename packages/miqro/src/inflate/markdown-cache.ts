import { closeSync, mkdirSync, openSync, readSync, renameSync, rmSync, statSync, writeSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, join } from "node:path";
import { findUpwards } from "../build/find-upwards.js";
import { packageVersion } from "../cli/report.js";
import type { AskedContent, PageContents } from "../composition/parts.js";
import { splitFrontMatter } from "../markdown/front-matter.js";
import type { MarkdownPage } from "../markdown/read-page.js";
import type { PageContent } from "../markdown/render-page.js";
import { readText } from "../service/read-text.js";
import { countWorkers } from "./count-workers.js";
import type { MarkdownWorkers } from "./markdown-workers.js";

// `import` of the whole module would also load parts that are slow to load and not needed here.
const { hash, randomUUID } = process.getBuiltinModule("node:crypto");

/** The position of a page's HTML in the file: its first byte, and the number of bytes. */
type Place = readonly [number, number];

/** The number of rendered pages in memory: for the second path of a page, and for pages that were rendered ahead. */
const held = 16;

/**
 * A file with the rendered HTML of Markdown pages, by their input. A second run of inflate renders only the pages that
 * have changed. The file contains the HTML of all pages, then their positions as JSON, then the size of that JSON.
 */
export class MarkdownCache implements PageContents {
  rendered = 0;
  reused = 0;
  readonly #path: string | undefined;
  readonly #nextPath: string;
  readonly #old: { readonly file: number; readonly places: ReadonlyMap<string, Place> } | undefined;
  /** The temporary name of the new file, and what was already written to it. */
  #file: number | undefined;
  #size = 0;
  readonly #places = new Map<string, Place>();
  readonly #held = new Map<string, Promise<PageContent>>();
  #workers: MarkdownWorkers | undefined;
  /** The pages to render ahead, and the pages whose rendering has begun. */
  #next: Iterator<AskedContent> | undefined;
  readonly #ahead = new Map<string, Promise<PageContent>>();

  /** @param path - the path of the file; without it, nothing is stored */
  constructor(path: string | undefined) {
    this.#path = path;
    // Other runs may write at the same time.
    this.#nextPath = `${path}.${randomUUID()}`;
    this.#old = path === undefined ? undefined : readPlaces(path);
  }

  /** Starts threads that render the pages, if there are enough pages that are not in the file. */
  async prepare(pages: readonly AskedContent[]): Promise<void> {
    // A page must be read to see whether it is in the file, so this number is an estimate.
    const count = countWorkers(pages.length - (this.#old?.places.size ?? 0));
    if (count === 0) return;
    this.#workers = new (await import("./markdown-workers.js")).MarkdownWorkers(count);
    this.#next = pages.values();
    for (let asked = 0; asked < held; asked++) this.#beginNext();
  }

  /** Begins to render the page that will probably be needed next. */
  #beginNext(): void {
    const next = this.#next?.next();
    if (next === undefined || next.done === true) return;
    const content = this.#make(next.value);
    // The next reader of the page gets the error.
    content.catch(() => {});
    this.#ahead.set(next.value.file, content);
  }

  get(asked: AskedContent): Promise<PageContent> {
    const { file } = asked;
    const known = this.#held.get(file);
    if (known !== undefined) return known;
    const content = this.#ahead.get(file) ?? this.#make(asked);
    this.#ahead.delete(file);
    this.#beginNext();
    this.#held.set(file, content);
    for (const [first] of this.#held) if (this.#held.size > held) this.#held.delete(first);
    return content;
  }

  async #make({ values, file }: AskedContent): Promise<PageContent> {
    const page = { values, body: splitFrontMatter(await readText(file)).body };
    const key = toKey(page, file);
    const known = this.#read(key);
    if (known !== undefined) return known;
    this.rendered++;
    const content =
      this.#workers === undefined
        ? (await import("../markdown/render-page.js")).renderPageContent(page, file)
        : await this.#workers.render(page, file);
    this.#write(key, Buffer.from(JSON.stringify(content)));
    return content;
  }

  #read(key: string): PageContent | undefined {
    const place = this.#old?.places.get(key);
    if (this.#old === undefined || place === undefined) return undefined;
    const bytes = readPlace(this.#old.file, place);
    this.reused++;
    this.#write(key, bytes);
    return JSON.parse(bytes.toString()) as PageContent;
  }

  #write(key: string, bytes: Buffer): void {
    if (this.#path === undefined || this.#places.has(key)) return;
    if (this.#file === undefined) {
      mkdirSync(dirname(this.#path), { recursive: true });
      this.#file = openSync(this.#nextPath, "w");
    }
    writeSync(this.#file, bytes);
    this.#places.set(key, [this.#size, bytes.length]);
    this.#size += bytes.length;
  }

  /** Stores the HTML of this run for the next run, or keeps the file of the last run. */
  async close({ keep }: { readonly keep: boolean }): Promise<void> {
    await this.#workers?.close();
    if (this.#old !== undefined) closeSync(this.#old.file);
    if (this.#file === undefined || this.#path === undefined) return;
    const places = Buffer.from(JSON.stringify([...this.#places]));
    const size = Buffer.alloc(8);
    size.writeDoubleLE(places.length);
    writeSync(this.#file, Buffer.concat([places, size]));
    closeSync(this.#file);
    if (keep) renameSync(this.#nextPath, this.#path);
    else rmSync(this.#nextPath, { force: true });
  }
}

/**
 * The file for the pages of some services, in `node_modules/.cache/miqro` of the first service's project; undefined if
 * there is no such folder.
 */
export function findCacheFile(folders: readonly string[]): string | undefined {
  const packages = findUpwards(folders[0] ?? "", "node_modules");
  if (packages === undefined) return undefined;
  const name = hash("sha256", folders.join("\0"), "hex").slice(0, 16);
  return join(packages, ".cache", "miqro", `inflate-${name}`);
}

let versions: string | undefined;

/**
 * A digest of everything that decides the HTML: the versions of the renderer, the page, and its name, which can be its
 * title.
 */
function toKey({ values, body }: MarkdownPage, file: string): string {
  versions ??= `${packageVersion()} ${(createRequire(import.meta.url)("marked/package.json") as { version: string }).version}`;
  const parts = JSON.stringify([versions, basename(file), values]);
  return hash("sha256", `${parts}\0${body}`, "base64url");
}

/** The positions of an earlier run; undefined if there was no earlier run, or if its file is incomplete. */
function readPlaces(
  path: string,
): { readonly file: number; readonly places: ReadonlyMap<string, Place> } | undefined {
  let file: number | undefined;
  try {
    const { size } = statSync(path);
    file = openSync(path, "r");
    const length = readPlace(file, [size - 8, 8]).readDoubleLE();
    const places = JSON.parse(readPlace(file, [size - 8 - length, length]).toString()) as [string, Place][];
    return { file, places: new Map(places) };
  } catch {
    if (file !== undefined) closeSync(file);
    return undefined;
  }
}

function readPlace(file: number, [start, length]: Place): Buffer {
  const bytes = Buffer.alloc(length);
  if (readSync(file, bytes, 0, length, start) !== length) throw new RangeError("The file is cut.");
  return bytes;
}
