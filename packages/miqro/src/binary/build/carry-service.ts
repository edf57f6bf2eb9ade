import { readdirSync, readFileSync, realpathSync, statSync } from "node:fs";
import { dirname, extname, join, relative } from "node:path";
import { isTypeScript } from "../../build/output-finder.js";
import { fileKind, isPrivateFolder, isScript } from "../../http-files/kind.js";
import type { ScannedService } from "../../service/scan-service.js";
import { readBundle } from "../../styles/read-bundle.js";
import type { CarriedPaths } from "./carried-paths.js";

/** The files of a service that are carried besides its modules. */
export interface CarriedService {
  /** The files. The keys are their paths in the executable. */
  readonly files: ReadonlyMap<string, Buffer>;
  readonly folders: readonly string[];
  /** The file that runs in place of a source, by the path of the source; both are absolute. */
  readonly outputs: ReadonlyMap<string, string>;
}

const nothing = Buffer.alloc(0);

/**
 * Reads the files of a service that are served or rendered. Of sources, only the names are carried, because they decide
 * the kind of each file. Of migrations, the text is carried as well, because the database has its checksum.
 */
export async function carryService(service: ScannedService, paths: CarriedPaths): Promise<CarriedService> {
  const files = new Map<string, Buffer>();
  const outputs = new Map<string, string>();
  const add = (file: string, bytes: Buffer) => files.set(paths.toCarried(file), bytes);
  const addSource = (source: string, file: string, bytes: Buffer) => {
    if (source === file) return;
    outputs.set(source, file);
    add(source, bytes);
  };
  for (const { source, file } of service.configs.values()) addSource(source, file, nothing);
  for (const { source, file } of service.migrations) addSource(source, file, readFileSync(source));
  const outputOf = new Map([...service.http, ...service.found].map(({ source, file }) => [source, file]));
  for (const { file, name, folder } of walk(service.httpFolder, isPrivateFolder)) {
    const { kind } = fileKind(name);
    const output = outputOf.get(file);
    // Browsers get client modules from the client code, and the server does not load them.
    if (kind === "client") add(file, nothing);
    else if (isScript(name) && output !== undefined) addSource(file, output, nothing);
    else if (isTypeScript(name)) continue;
    else if (kind === "css-bundle") add(file, await carryBundle(file, paths));
    else if (kind !== "private" && !isScript(name)) add(file, readFileSync(join(folder, name)));
  }
  const isHidden = (name: string, depth: number) =>
    name.startsWith(".") && !(depth === 0 && name === ".well-known");
  for (const { file, name } of walk(service.staticFolder, isHidden)) {
    if (!name.startsWith(".")) add(file, readFileSync(file));
  }
  const folders = [service.folder, service.httpFolder, service.staticFolder].filter(
    (path) => path !== undefined,
  );
  return { files, folders: folders.map((path) => paths.toCarried(path)), outputs };
}

/** A bundle that lists the same style sheets by their paths in the executable. */
async function carryBundle(file: string, paths: CarriedPaths): Promise<Buffer> {
  const { sheets } = await readBundle(file);
  const lines = sheets.map((sheet) => relative(dirname(paths.toCarried(file)), paths.toCarried(sheet.file)));
  return Buffer.from(`${lines.join("\n")}\n`.replaceAll("\\", "/"));
}

interface WalkedFile {
  readonly file: string;
  readonly name: string;
  readonly folder: string;
}

/**
 * The files of a folder and of the folders below it, sorted. A link is followed as when files are served: only if it
 * leads to a place below the folder.
 */
function* walk(
  folder: string | undefined,
  isHidden: (name: string, depth: number) => boolean,
  root: string | undefined = folder && realpathSync(folder),
  above: readonly string[] = [],
): Generator<WalkedFile> {
  if (folder === undefined || root === undefined) return;
  for (const name of readdirSync(folder).sort()) {
    const file = join(folder, name);
    const stats = statSync(file, { throwIfNoEntry: false });
    if (stats === undefined || relative(root, realpathSync(file)).startsWith("..")) continue;
    if (stats.isFile()) yield { file, name, folder };
    else if (stats.isDirectory() && !isHidden(name, above.length)) {
      const real = realpathSync(file);
      if (!above.includes(real)) yield* walk(file, isHidden, root, [...above, real]);
    }
  }
}

/** The style sheets that the bundles of a service list, which are carried as well. */
export async function listSheets(service: ScannedService): Promise<string[]> {
  const bundles = service.http.filter(({ kind }) => kind === "css-bundle");
  const read = await Promise.all(bundles.map(({ source }) => readBundle(source)));
  return read.flatMap(({ sheets }) => sheets.map(({ file }) => file)).filter((file) => extname(file) !== "");
}
