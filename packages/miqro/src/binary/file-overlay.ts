import fs, { type Dirent, type PathLike, type Stats } from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { normalize, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { type CarriedHandle, openCarried, streamOf } from "./carried-handle.js";
import type { CarriedFiles } from "./pack-index.js";

type Arguments = readonly unknown[];
type Options =
  | { readonly encoding?: BufferEncoding | null; readonly withFileTypes?: boolean }
  | BufferEncoding;

/**
 * Lets `node:fs` read the files that the executable carries. Their paths are below the path of the executable itself,
 * where the disk cannot have files. Everything that reads files can read them: services, `Static`, Markdown, packages.
 * Nothing is unpacked, and nothing can be written there. For such a path, functions that are not replaced fail with the
 * error of Node.js that the executable is not a directory.
 */
export function installFileOverlay(carried: CarriedFiles): void {
  const folders = listFolders(carried);
  const program = fs.statSync(process.execPath);
  const paths = Object.keys(carried.index.files);
  const inodes = new Map([...paths, ...folders.keys()].map((path, index) => [path, index + 1]));

  const lookUp = (path: string, call: string): { readonly path: string; readonly isFolder: boolean } => {
    const inside = path.slice(carried.root.length).replaceAll(sep, "/").replace(/\/+$/, "");
    if (folders.has(inside)) return { path: inside, isFolder: true };
    if (Object.hasOwn(carried.index.files, inside)) return { path: inside, isFolder: false };
    throw systemError("ENOENT", -2, "no such file or directory", call, path);
  };
  const readStats = (path: string, call: string): Stats => {
    const { path: inside, isFolder } = lookUp(path, call);
    const [, size = 0, digest] = carried.index.files[inside] ?? [];
    const mode = isFolder ? fs.constants.S_IFDIR | 0o555 : fs.constants.S_IFREG | 0o444;
    // The times are those of the executable, so that the same files make the same bytes.
    return Object.assign(Object.create(fs.Stats.prototype), program, {
      mode,
      size,
      ino: inodes.get(inside),
      [Symbol.for("miqro.digest")]: digest,
    }) as Stats;
  };
  const readBytes = (path: string, call: string): Buffer => {
    const { path: inside, isFolder } = lookUp(path, call);
    if (isFolder) throw systemError("EISDIR", -21, "illegal operation on a directory", call, path);
    return carried.read(inside) ?? Buffer.alloc(0);
  };

  const readers: Record<string, (path: string, options?: Options) => unknown> = {
    access: (path) => void lookUp(path, "access"),
    lstat: (path) => readStats(path, "lstat"),
    stat: (path) => readStats(path, "stat"),
    realpath(path) {
      const { path: inside } = lookUp(path, "realpath");
      return carried.root.slice(0, -1) + (inside === "" ? "" : sep + inside.replaceAll("/", sep));
    },
    readdir(path, options) {
      const { path: inside, isFolder } = lookUp(path, "scandir");
      if (!isFolder) throw systemError("ENOTDIR", -20, "not a directory", "scandir", path);
      const names = folders.get(inside) ?? [];
      if (typeof options !== "object" || options?.withFileTypes !== true) return [...names];
      return names.map((name) =>
        toEntry(name, path, folders.has(inside === "" ? name : `${inside}/${name}`)),
      );
    },
    readFile(path, options) {
      const bytes = readBytes(path, "open");
      const encoding = typeof options === "string" ? options : options?.encoding;
      // The caller may write into the buffer that it gets.
      return encoding ? bytes.toString(encoding) : Buffer.from(bytes);
    },
  };
  const openFile = (path: string): CarriedHandle =>
    openCarried(readBytes(path, "open"), () => readStats(path, "fstat"));

  /** The path of the carried file that a call names; undefined for a path on the disk. */
  const carriedPath = (path: unknown): string | undefined => {
    const text = typeof path === "string" ? path : toText(path);
    if (text?.startsWith(carried.root) !== true) return undefined;
    const plain = normalize(text);
    return plain.startsWith(carried.root) ? plain : undefined;
  };
  const replace = (
    target: object,
    name: string,
    make: (original: (...args: Arguments) => unknown) => unknown,
  ) => {
    const functions = target as Record<string, (...args: Arguments) => unknown>;
    const original = functions[name];
    if (original === undefined) return;
    // Properties of the original, such as realpath.native, are properties of its replacement.
    functions[name] = Object.assign(make(original) as typeof original, { ...original });
  };
  const now =
    (read: (path: string, options?: Options) => unknown) => (original: (...args: Arguments) => unknown) =>
      function replaced(this: unknown, path: unknown, ...rest: Arguments) {
        const inside = carriedPath(path);
        return inside === undefined ? original.call(this, path, ...rest) : read(inside, rest[0] as Options);
      };
  const later =
    (read: (path: string, options?: Options) => unknown) => (original: (...args: Arguments) => unknown) =>
      function replaced(this: unknown, path: unknown, ...rest: Arguments) {
        const inside = carriedPath(path);
        const callback = rest.at(-1);
        if (inside === undefined || typeof callback !== "function") return original.call(this, path, ...rest);
        const options = rest.length > 1 ? (rest[0] as Options) : undefined;
        const settle = (error: unknown, value?: unknown) => process.nextTick(callback, error, value);
        try {
          settle(null, read(inside, options));
        } catch (error) {
          settle(error);
        }
      };
  const promised =
    (read: (path: string, options?: Options) => unknown) => (original: (...args: Arguments) => unknown) =>
      async function replaced(this: unknown, path: unknown, ...rest: Arguments) {
        const inside = carriedPath(path);
        return inside === undefined ? original.call(this, path, ...rest) : read(inside, rest[0] as Options);
      };

  for (const [name, read] of Object.entries(readers)) {
    replace(fs, `${name}Sync`, now(read));
    replace(fs, name, later(read));
    replace(fs.promises, name, promised(read));
  }
  replace(fs.realpath, "native", later(readers.realpath as (path: string) => unknown));
  replace(fs.realpathSync, "native", now(readers.realpath as (path: string) => unknown));
  replace(fs.promises, "open", promised(openFile));
  replace(
    fs,
    "createReadStream",
    now((path, options) => streamOf(readBytes(path, "open"), Object(options))),
  );
  for (const name of ["statSync", "lstatSync"]) replace(fs, name, orUndefined);
  replace(
    fs,
    "existsSync",
    now((path) => attempt(() => lookUp(path, "access")) !== undefined),
  );
  syncBuiltinESMExports();
}

/** With `throwIfNoEntry: false` the caller gets undefined instead of an exception. */
function orUndefined(original: (...args: Arguments) => unknown) {
  return (path: PathLike, options?: { readonly throwIfNoEntry?: boolean }) =>
    options?.throwIfNoEntry === false ? attempt(() => original(path, options)) : original(path, options);
}

function attempt<Value>(work: () => Value): Value | undefined {
  try {
    return work();
  } catch (error) {
    if (["ENOENT", "ENOTDIR"].includes((error as NodeJS.ErrnoException).code ?? "")) return undefined;
    throw error;
  }
}

/** The names in each folder, sorted. */
function listFolders({ index }: CarriedFiles): ReadonlyMap<string, readonly string[]> {
  const folders = new Map<string, Set<string>>([["", new Set()]]);
  const add = (path: string): void => {
    const parent = path.slice(0, Math.max(0, path.lastIndexOf("/")));
    if (!folders.has(parent)) {
      folders.set(parent, new Set());
      add(parent);
    }
    folders.get(parent)?.add(path.slice(path.lastIndexOf("/") + 1));
  };
  for (const path of Object.keys(index.files)) add(path);
  for (const path of index.folders) {
    add(path);
    if (!folders.has(path)) folders.set(path, new Set());
  }
  return new Map([...folders].map(([path, names]) => [path, [...names].sort()]));
}

function toText(path: unknown): string | undefined {
  if (path instanceof URL) return path.protocol === "file:" ? fileURLToPath(path) : undefined;
  return Buffer.isBuffer(path) ? path.toString() : undefined;
}

function toEntry(name: string, parentPath: string, isFolder: boolean): Dirent {
  const { UV_DIRENT_DIR, UV_DIRENT_FILE } = fs.constants as unknown as Record<string, number>;
  const Entry = fs.Dirent as unknown as new (name: string, type: number, path: string) => Dirent;
  return new Entry(name, (isFolder ? UV_DIRENT_DIR : UV_DIRENT_FILE) ?? 0, parentPath);
}

function systemError(code: string, errno: number, words: string, syscall: string, path: string): Error {
  return Object.assign(new Error(`${code}: ${words}, ${syscall} '${path}'`), { code, errno, syscall, path });
}
