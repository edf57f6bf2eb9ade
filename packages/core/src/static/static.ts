import { ArgumentError } from "../errors.js";
import { fileFinders, kSegments, kStep, methodFinders } from "../exchange/internal.js";
import type { ServedRequest, ServedResponse } from "../exchange/served.js";
import type { Handler, Request, Response } from "../exchange/types.js";
import { describe, Faults } from "../options/check-options.js";
import { either, kinds, no, type OptionKinds } from "../options/kinds.js";
import { parseSize } from "../options/size.js";
import { fs, loadOnUse } from "../platform/builtins.js";
import type { FileEncoding } from "./precompressed.js";
import type { ServedFolder } from "./serve-folder.js";

/** The options of {@link Static}. */
export interface StaticOptions {
  /** The file that answers for a folder. Default `index.html`; `false` for no file. */
  readonly index?: string | false;
  /**
   * Returns true for a file that is not served. It gets the path below the root, with slashes but without one at the
   * beginning. It is called with the path in the request, and with the real path of the file.
   */
  readonly exclude?: (path: string) => boolean;
  /**
   * The `Cache-Control` of files, unless a handler has set one. Default `no-cache`: clients keep a file, and ask each
   * time whether it has changed. `false` sends none.
   */
  readonly cacheControl?: string | false;
  /**
   * Files that never change, which clients keep for a year: a `RegExp` for paths below the root, or `true` for files
   * with a hash of 8 letters and digits or more in their names, such as `app.3fA9c01b.js`. Default false.
   */
  readonly immutable?: boolean | RegExp;
  /**
   * Whether clients get a compressed file beside the requested one, `app.js.br`, `.zst` or `.gz`, if they accept it. An
   * array names the codings to look for. Default false.
   */
  readonly precompressed?: boolean | readonly FileEncoding[];
  /** The amount of content of small files in memory: bytes, or a size such as `"16mb"`, which is the default. */
  readonly memory?: number | string;
}

const fileMethods: readonly string[] = ["GET", "HEAD"];
const allEncodings: readonly FileEncoding[] = ["br", "zstd", "gzip"];
const hashedName = /[.-](?=[\w-]*\d)(?=[\w-]*[A-Za-z])[A-Za-z0-9_-]{8,}\.\w+(?:\.map)?$/;

const staticKinds: OptionKinds<StaticOptions> = {
  index: either(kinds.text, no),
  exclude: kinds.call,
  cacheControl: either(kinds.text, no),
  immutable: either(kinds.flag, { words: "a RegExp", test: (value) => value instanceof RegExp }),
  precompressed: either(kinds.flag, {
    words: 'an array of "br", "zstd" and "gzip"',
    test: (value) => Array.isArray(value) && value.every((one) => allEncodings.includes(one)),
  }),
  memory: kinds.size,
};

// Loaded with the first request.
const loadServeFolder = loadOnUse<typeof import("./serve-folder.js")>(import.meta.url, "./serve-folder.js");
const loadFileStore = loadOnUse<typeof import("./file-store.js")>(import.meta.url, "./file-store.js");

/**
 * Serves the files of a folder to GET and HEAD, below the path at which it is used. It leaves all other requests
 * unanswered, for example for dotfiles and for paths outside the folder. Other methods on a file get a 405 in the end.
 *
 * @param root A folder, which must exist.
 * @throws {ArgumentError} if the folder does not exist, or an option is wrong.
 */
export function Static(root: string, options: StaticOptions = {}): Handler {
  const faults = new Faults();
  const base = faults.attempt("root", () => toRealRoot(root)) as string;
  faults.check<StaticOptions>(options, "Static", staticKinds);
  faults.throw("Static");
  let folder: ServedFolder | undefined;
  const open = (): ServedFolder => {
    const { exclude = () => false, index = "index.html", memory = "16mb" } = options;
    folder = {
      store: new (loadFileStore().FileStore)(base, exclude, parseSize(memory, "memory")),
      index,
      encodings: toEncodings(options.precompressed),
      toCacheControl: createCacheControl(options),
    };
    return folder;
  };
  const has = async (req: ServedRequest, segments: readonly string[]): Promise<boolean> =>
    loadServeFolder().isServedFrom(folder ?? open(), req, segments);
  function serveStatic(request: Request, response: Response): unknown {
    const req = request as ServedRequest;
    const res = response as ServedResponse;
    const segments = req[kSegments].slice(req[kStep]?.tail ?? 0);
    if (!fileMethods.includes(req.method)) {
      const find = async (): Promise<readonly string[]> => ((await has(req, segments)) ? fileMethods : []);
      methodFinders.set(req, [...(methodFinders.get(req) ?? []), find]);
      return undefined;
    }
    return loadServeFolder().serveFolder(folder ?? open(), req, res, segments);
  }
  fileFinders.set(serveStatic, (req, { tail }) => has(req, req[kSegments].slice(tail)));
  return serveStatic;
}

function toEncodings(option: StaticOptions["precompressed"]): readonly FileEncoding[] {
  return typeof option === "object" ? option : option === true ? allEncodings : [];
}

function createCacheControl({
  cacheControl = "no-cache",
  immutable = false,
}: StaticOptions): (path: string) => string | undefined {
  const usual = cacheControl === false ? undefined : cacheControl;
  if (immutable === false) return () => usual;
  const pattern = immutable === true ? hashedName : immutable;
  return (path) => (path.search(pattern) === -1 ? usual : "public, max-age=31536000, immutable");
}

function toRealRoot(root: unknown): string {
  if (typeof root !== "string") {
    throw new ArgumentError(
      `Static takes the path of a folder, and then its options, not ${describe(root)}: Static("public", { index: false }).`,
    );
  }
  try {
    return fs.realpathSync(root);
  } catch (error) {
    throw new ArgumentError(`The folder of Static does not exist: ${root}.`, error);
  }
}
