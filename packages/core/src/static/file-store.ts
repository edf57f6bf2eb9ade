import { constants, realpath, type Stats } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { readStats } from "./read-stats.js";
import { isServable } from "./servable.js";

/** A file that may be served, with its state at the last check. */
export interface ServedFile {
  /** The real path of the file. */
  readonly path: string;
  readonly size: number;
  /** A strong entity tag, with its quotes. */
  readonly tag: string;
  /** The time of the last change, in whole seconds since 1970. */
  readonly seconds: number;
  /** The same as a date of HTTP. */
  readonly date: string;
}

interface KnownFile extends ServedFile {
  /** The requested path below the root. */
  readonly asked: string;
  readonly stats: Stats;
  /** The real path below the root. */
  readonly actual: string;
  content: Buffer | undefined;
}

const kDigest: unique symbol = Symbol.for("miqro.digest");
const mostFiles = 10_000;
/** Files up to this size (in bytes) are sent in one write, and kept in memory. */
export const smallFile: number = 64 * 1024;
// A file that was written a moment ago could be written again without a new time of change.
const settled = 2000;

/**
 * Finds and reads the files below a root. It checks a file at each request, and remembers the result. It resolves the
 * real path again only if another file is there, and it reads the content again only if the file has changed.
 */
export class FileStore {
  readonly #root: string;
  readonly #isExcluded: (path: string) => boolean;
  readonly #mostBytes: number;
  readonly #known = new Map<string, KnownFile>();
  #bytes = 0;

  /**
   * @param root A real path.
   * @param isExcluded Gets the requested path below the root, and the real path of the file. These can differ because
   * of links, and because a file system may ignore case or have short names.
   * @param mostBytes The amount of content that is kept in memory.
   */
  constructor(root: string, isExcluded: (path: string) => boolean, mostBytes: number) {
    this.#root = root;
    this.#isExcluded = isExcluded;
    this.#mostBytes = mostBytes;
  }

  /** Finds the file at the segments below the root. It follows links that stay below the root. */
  async find(segments: readonly string[]): Promise<ServedFile | "folder" | undefined> {
    const asked = segments.join("/");
    if (!isServable(segments) || this.#isExcluded(asked)) return undefined;
    const path = join(this.#root, ...segments);
    try {
      const known = this.#known.get(asked);
      if (known !== undefined) {
        const read = readStats(path);
        const stats = read instanceof Promise ? await read : read;
        if (stats !== undefined && isSame(known.stats, stats)) {
          return this.#isExcluded(known.actual) ? undefined : known;
        }
        this.#forget(known);
      }
      return await this.#look(asked, path);
    } catch (error) {
      if (isAbsence(error)) return undefined;
      throw error;
    }
  }

  async #look(asked: string, path: string): Promise<ServedFile | "folder" | undefined> {
    // This check detects most missing files, because resolving a path takes several times as long.
    if ((await readStats(path)) === undefined) return undefined;
    const real = await readRealPath(path);
    const root = this.#root;
    if (real !== root && !real.startsWith(root.endsWith(sep) ? root : root + sep)) return undefined;
    const segments = real === root ? [] : relative(root, real).split(sep);
    const actual = segments.join("/");
    if (!isServable(segments) || (real !== root && this.#isExcluded(actual))) return undefined;
    const stats = await readStats(real);
    if (stats === undefined) return undefined;
    if (!stats.isFile()) return stats.isDirectory() ? "folder" : undefined;
    const seconds = Math.floor(stats.mtimeMs / 1000);
    const file: KnownFile = {
      path: real,
      asked,
      actual,
      stats,
      size: stats.size,
      tag: `"${digestOf(stats) ?? `${Math.floor(stats.mtimeMs).toString(36)}-${stats.size.toString(36)}`}"`,
      seconds,
      date: new Date(seconds * 1000).toUTCString(),
      content: undefined,
    };
    this.#remember(file);
    return file;
  }

  /** Returns the content of a small file, or `undefined` if another file has replaced it in the meantime. */
  async read(file: ServedFile): Promise<Buffer | undefined> {
    const known = file as KnownFile;
    if (known.content !== undefined) return known.content;
    const handle = await this.open(file);
    if (handle === undefined) return undefined;
    try {
      const content = Buffer.alloc(file.size);
      const { bytesRead } = await handle.read(content, 0, file.size, 0);
      if (bytesRead !== file.size) return undefined;
      const age = Date.now() - Math.max(known.stats.mtimeMs, known.stats.ctimeMs);
      if (age > settled) this.#keep(known, content);
      return content;
    } finally {
      await handle.close();
    }
  }

  /** Opens a file. Returns `undefined` if another file has replaced it in the meantime. */
  async open(file: ServedFile): Promise<FileHandle | undefined> {
    const { O_RDONLY, O_NOFOLLOW = 0, O_NONBLOCK = 0 } = constants;
    let handle: FileHandle;
    try {
      // The path is real, so no part of it is a link unless it was changed just now. Opening a pipe must not block
      // either.
      handle = await open(file.path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
    } catch (error) {
      if (isAbsence(error)) return undefined;
      throw error;
    }
    try {
      if (isSame((file as KnownFile).stats, await handle.stat())) return handle;
    } catch (error) {
      await handle.close();
      throw error;
    }
    await handle.close();
    return undefined;
  }

  #remember(file: KnownFile): void {
    if (this.#known.size >= mostFiles) {
      const [oldest] = this.#known.values();
      if (oldest !== undefined) this.#forget(oldest);
    }
    this.#known.set(file.asked, file);
  }

  #forget(file: KnownFile): void {
    this.#known.delete(file.asked);
    this.#drop(file);
  }

  #keep(file: KnownFile, content: Buffer): void {
    const { byteLength } = content;
    const isKept = file.content !== undefined || this.#known.get(file.asked) !== file;
    if (isKept || byteLength > this.#mostBytes) return;
    // A map keeps its entries in the order of insertion, so the oldest entries go first.
    for (const other of this.#known.values()) {
      if (this.#bytes + byteLength <= this.#mostBytes) break;
      this.#drop(other);
    }
    file.content = content;
    this.#bytes += byteLength;
  }

  #drop(file: KnownFile): void {
    this.#bytes -= file.content?.byteLength ?? 0;
    file.content = undefined;
  }
}

/** The stats of a file system that knows the content of its files, such as that of an executable. */
function digestOf(stats: Stats): string | undefined {
  return (stats as Stats & { readonly [kDigest]?: string })[kDigest];
}

function isSame(one: Stats, other: Stats): boolean {
  return (
    one.ino === other.ino &&
    one.dev === other.dev &&
    one.size === other.size &&
    one.mtimeMs === other.mtimeMs &&
    one.ctimeMs === other.ctimeMs &&
    other.isFile()
  );
}

function readRealPath(path: string): Promise<string> {
  return new Promise((resolve, reject) => {
    realpath.native(path, (error, real) => (error === null ? resolve(real) : reject(error)));
  });
}

const absences: ReadonlySet<unknown> = new Set([
  "ENOENT",
  "ENOTDIR",
  "ELOOP",
  "ENAMETOOLONG",
  "EACCES",
  "EPERM",
  "ENXIO",
  "EISDIR",
  "EINVAL",
]);

function isAbsence(error: unknown): boolean {
  return error instanceof Error && "code" in error && absences.has(error.code);
}
