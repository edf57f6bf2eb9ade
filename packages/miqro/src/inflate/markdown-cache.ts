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

// An import would read all that the module has, of which some takes long to load.
const { hash, randomUUID } = process.getBuiltinModule("node:crypto");

/** The position of the content of a page in the file: its first byte, and the number of bytes. */
type Place = readonly [number, number];

/** How many contents are held, for the second path of a page, or ahead. */
const held = 16;

/**
 * The rendered content of Markdown pages, by what they are made of, in a file: a second run of inflate renders what has
 * changed. The file has the contents one behind the other, then their places as JSON, then the size of that.
 */
export class MarkdownCache implements PageContents {
  rendered = 0;
  reused = 0;
  readonly #path: string | undefined;
  readonly #nextPath: string;
  readonly #old: { readonly file: number; readonly places: ReadonlyMap<string, Place> } | undefined;
  /** The file to be, and what it has by now. */
  #file: number | undefined;
  #size = 0;
  readonly #places = new Map<string, Place>();
  readonly #held = new Map<string, Promise<PageContent>>();
  #workers: MarkdownWorkers | undefined;
  /** The pages to begin with ahead, and those that were begun with. */
  #next: Iterator<AskedContent> | undefined;
  readonly #ahead = new Map<string, Promise<PageContent>>();

  /** @param path - of the file; without one nothing is kept */
  constructor(path: string | undefined) {
    this.#path = path;
    // Others may write at the same time.
    this.#nextPath = `${path}.${randomUUID()}`;
    this.#old = path === undefined ? undefined : readPlaces(path);
  }

  /** Has threads begin with the pages, where enough of them are not known. */
  async prepare(pages: readonly AskedContent[]): Promise<void> {
    // Which ones are known is seen by their texts, so a guess has to do here.
    const count = countWorkers(pages.length - (this.#old?.places.size ?? 0));
    if (count === 0) return;
    this.#workers = new (await import("./markdown-workers.js")).MarkdownWorkers(count);
    this.#next = pages.values();
    for (let asked = 0; asked < held; asked++) this.#beginNext();
  }

  /** Begins with the page that is likely to be needed next. */
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

  /** Keeps the contents of this run for the next one, or leaves those of the last one. */
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
 * The file for the pages of some services, in `node_modules/.cache/miqro` of the first one's project; undefined where
 * there is no such folder.
 */
export function findCacheFile(folders: readonly string[]): string | undefined {
  const packages = findUpwards(folders[0] ?? "", "node_modules");
  if (packages === undefined) return undefined;
  const name = hash("sha256", folders.join("\0"), "hex").slice(0, 16);
  return join(packages, ".cache", "miqro", `inflate-${name}`);
}

let versions: string | undefined;

/** The input of a content: the versions of the renderer, the page, and its name, which can be its title. */
function toKey({ values, body }: MarkdownPage, file: string): string {
  versions ??= `${packageVersion()} ${(createRequire(import.meta.url)("marked/package.json") as { version: string }).version}`;
  const parts = JSON.stringify([versions, basename(file), values]);
  return hash("sha256", `${parts}\0${body}`, "base64url");
}

/** The places of an earlier run; undefined if there is none, or its file is not whole. */
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
