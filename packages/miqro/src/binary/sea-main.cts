// The main script of an executable that `miqro --compile` made, and of a folder that `--install` unpacked. It runs
// before any module can be loaded, so it uses only what is built into Node.js.
type CarriedFiles = import("./pack-index.js", { with: { "resolution-mode": "import" }}).CarriedFiles;
type PackIndex = import("./pack-index.js", { with: { "resolution-mode": "import" }}).PackIndex;
type ModuleFormat = import("./pack-index.js", { with: { "resolution-mode": "import" }}).ModuleFormat;

const { readFileSync } = process.getBuiltinModule("node:fs");
const { createRequire, isBuiltin, registerHooks } = process.getBuiltinModule("node:module");
const { dirname, sep } = process.getBuiltinModule("node:path");
const { getRawAsset, isSea } = process.getBuiltinModule("node:sea");
const { fileURLToPath, pathToFileURL } = process.getBuiltinModule("node:url");

const carried = isSea() ? openPack() : openFolder(dirname(__dirname) + sep);
const { index, root } = carried;
const rootURL = pathToFileURL(root).href;
(globalThis as { [key: symbol]: unknown })[Symbol.for("miqro.carried")] = carried;

registerHooks({
  resolve(specifier, context, next) {
    const importer = toPath(context.parentURL);
    if (isBuiltin(specifier)) return next(specifier, context);
    if (importer === undefined && !specifier.startsWith("file:") && !specifier.startsWith(root)) {
      return next(specifier, context);
    }
    const isRequire = context.conditions.includes("require");
    const known = (isRequire ? index.requires : index.imports)[importer ?? ""]?.[specifier];
    if (known !== undefined) return toResolved(known, "");
    if (!/^(?:file:|\.{0,2}\/|\.{1,2}$|[A-Za-z]:\\)/.test(specifier)) {
      if (/^[a-z]+:/.test(specifier)) return next(specifier, context);
      throw notCarried(specifier, importer, isRequire);
    }
    const url = /^(?:\/|[A-Za-z]:\\)/.test(specifier)
      ? pathToFileURL(specifier)
      : new URL(specifier, context.parentURL);
    const path = toPath(url.href);
    // A file on the disk is named by its absolute path.
    if (path === undefined) return next(specifier, context);
    const endings = isRequire ? ["", ".js", ".json", ".cjs", "/index.js", "/index.json"] : [""];
    const found = endings.find((ending) => index.files[path + ending] !== undefined);
    if (found === undefined) throw notCarried(fileURLToPath(url), importer, isRequire);
    return toResolved(path + found, url.search);
  },

  load(url, context, next) {
    const path = toPath(url);
    const bytes = path === undefined ? undefined : carried.read(path);
    if (path === undefined || bytes === undefined) return next(url, context);
    const format = formatOf(path);
    return {
      format,
      source: format === "wasm" ? new Uint8Array(bytes) : withSourceMap(path, bytes.toString("utf8")),
      shortCircuit: true,
    };
  },
});

/** In an executable, the bytes stay in the memory into which the system mapped them. */
function openPack(): CarriedFiles {
  const bytes = Buffer.from(getRawAsset("pack") as ArrayBuffer);
  const start = 4 + bytes.readUInt32LE(0);
  const read: PackIndex = JSON.parse(bytes.toString("utf8", 4, start));
  return {
    index: read,
    root: process.execPath + sep,
    isUnpacked: false,
    read(path) {
      const [offset, length] = Object.hasOwn(read.files, path) ? (read.files[path] ?? []) : [];
      return offset === undefined || length === undefined
        ? undefined
        : bytes.subarray(start + offset, start + offset + length);
    },
  };
}

function openFolder(folder: string): CarriedFiles {
  const read: PackIndex = JSON.parse(readFileSync(`${folder}_miqro/carried.json`, "utf8"));
  return {
    index: read,
    root: folder,
    isUnpacked: true,
    read: (path) => (Object.hasOwn(read.files, path) ? readFileSync(folder + path) : undefined),
  };
}

/** The path of a carried module; undefined for any other URL. */
function toPath(url: string | undefined): string | undefined {
  if (url?.startsWith(rootURL) !== true) return undefined;
  return decodeURIComponent(url.slice(rootURL.length).replace(/[?#].*$/, ""));
}

function toResolved(path: string, search: string) {
  return { url: pathToFileURL(root + path).href + search, format: formatOf(path), shortCircuit: true };
}

/** Adds the source map to the text of a module. Otherwise Node.js would look for the file of the map on the disk. */
function withSourceMap(path: string, text: string): string {
  const map = process.sourceMapsEnabled ? carried.read(`${path}.map`) : undefined;
  if (map === undefined) return text;
  const data = `data:application/json;base64,${map.toString("base64")}`;
  return text.replace(/^\/\/# sourceMappingURL=\S+\s*$/m, `//# sourceMappingURL=${data}`);
}

function formatOf(path: string): ModuleFormat {
  return index.formats[path] ?? (path.endsWith(".json") ? "json" : "module");
}

// The message is that of Node.js, because code that catches the error may look for it.
function notCarried(specifier: string, importer: string | undefined, isRequire: boolean): Error {
  const from = importer === undefined ? "" : ` imported from ${root}${importer}`;
  const what = isRequire || /[/\\]/.test(specifier[0] ?? "") ? "module" : "package";
  const error = new Error(`Cannot find ${what} '${specifier}'${from}. It is not in this executable.`);
  return Object.assign(error, { code: isRequire ? "MODULE_NOT_FOUND" : "ERR_MODULE_NOT_FOUND" });
}

const requireCarried = createRequire(`${root}_`);
const { importModule } = requireCarried(root + index.start.importer) as {
  importModule(url: string): Promise<unknown>;
};
if (isSea() || require.main === module) {
  // In an unpacked folder, the workers also find their modules through this script.
  if (!isSea()) process.execArgv.push("--require", __filename);
  void importModule(pathToFileURL(root + index.start.program).href);
}
