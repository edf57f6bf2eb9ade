import { readdir, realpath, stat } from "node:fs/promises";
import { basename, dirname, extname, join } from "node:path";
import { ModuleFaultError } from "./client-graph-error.js";
import { installFolderOf } from "./module-location.js";

/** The extensions that bundlers try for an import without an extension in a package, in their order. */
const extensions = [".js", ".mjs", ".cjs", ".json"];

/**
 * The file at a path that a browser would request.
 * @param what the source of the path, for the message
 * @returns the path with links resolved
 * @throws {ModuleFaultError} if there is no such file; the message suggests the file that was probably meant
 */
export async function existingFile(file: string, what: string): Promise<string> {
  let real: string | undefined;
  try {
    real = await realpath(file);
  } catch {
    // The error below contains the path, and the file that was probably meant.
  }
  // In practice only a name without an extension can be a folder, so other names need no second call.
  if (real !== undefined && (extname(real) !== "" || (await isFile(real)))) return real;
  throw new ModuleFaultError(
    "MIQRO_CLIENT_NOT_FOUND",
    `There is no file ${file} for ${what}; ${await remedyFor(file)}.`,
  );
}

/** The file that a bundler chooses for a path: the path itself, or the path with an extension. Links are resolved. */
export async function fileWithExtension(path: string): Promise<string | undefined> {
  // Most imports have one of these extensions, and folders hardly ever have one. This saves a call for each import.
  if (extensions.includes(extname(path))) {
    const real = await realpath(path).catch(() => undefined);
    if (real !== undefined) return real;
  }
  for (const extension of ["", ...extensions]) {
    if (await isFile(path + extension)) return realpath(path + extension);
  }
  return undefined;
}

export async function isFile(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isFile() ?? false;
}

export async function isFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isDirectory() ?? false;
}

async function remedyFor(file: string): Promise<string> {
  if (installFolderOf(file) !== "") return "the package lacks it: install it again, or use another version";
  const name = basename(file);
  const neighbours = await readdir(dirname(file)).catch((): string[] => []);
  for (const extension of [".js", ".mjs"]) {
    if (neighbours.includes(name + extension)) {
      return `browsers need the extension: write "${name}${extension}"`;
    }
  }
  if (await isFile(join(file, "index.js"))) return `browsers need the file: write "${name}/index.js"`;
  const source = neighbours.find(
    (other) => /\.[jt]sx?$/.test(other) && withoutExtension(other) === withoutExtension(name),
  );
  if (source !== undefined) return `"${source}" beside it is not compiled to it`;
  return "correct the path, or run the compiler if the file is one that it writes";
}

function withoutExtension(name: string): string {
  return name.slice(0, name.length - extname(name).length);
}
