import { existsSync, realpathSync } from "node:fs";
import { readdir, readlink, realpath, stat } from "node:fs/promises";
import { basename, dirname, extname, join, resolve, sep } from "node:path";
import type { OutputFinder } from "../build/output-finder.js";
import { isTypeScript } from "../build/output-finder.js";
import { conventions } from "../conventions/table.js";
import { fileReasonOf, MiqroError, type Problem } from "../errors.js";
import { fileKind, findEntry, isPrivateFolder, isScript, routeToken } from "../http-files/kind.js";
import { httpFiles } from "../http-files/table.js";
import { loadClosestName, loadOnUse } from "../load-on-use.js";

/** Loaded when a service is not a folder. */
const loadLocateService = loadOnUse<typeof import("./locate-service.js")>(
  import.meta.url,
  "./locate-service.js",
);

/** Loaded if a folder is no service. */
const loadMisnamed = loadOnUse<typeof import("./find-misnamed.js")>(import.meta.url, "./find-misnamed.js");

const folderNames: readonly string[] = ["http", "static", "migration", "test"];

/** A file of a service, and the file that runs in its place. */
export interface ServiceFile {
  readonly source: string;
  /** The file to load: the compiled file, or the source if it is not compiled. */
  readonly file: string;
  /** Set for a source that `tsc` compiles. */
  readonly tsconfig?: string;
  /** The folder of the outputs, if it is not the folder of the sources. */
  readonly outDir?: string;
  /**
   * Set if miqro has compiled the file itself: the folder in which outputs have the absolute paths of their sources.
   */
  readonly buildFolder?: string;
  /** Set if the module must be loaded anew in the same process: a number that no other load has used. */
  readonly version?: number;
}

/** A file below `http/` that answers requests. */
export interface HttpFile extends ServiceFile {
  /** The name of the kind in the table of kinds. */
  readonly kind: string;
  /** The path of its folder: `/` or `/posts/`. */
  readonly folder: string;
  /** The paths that follow from its name. */
  readonly paths: readonly string[];
  /** The suffix that the last parameter of these paths must have: `.html` for `[id].html.tsx`. */
  readonly suffix?: string;
  /** Set for the 404 page: `404.html.tsx` or `404.html.md` directly in `http/`. */
  readonly isNotFoundPage?: true;
  /** Set for the index page of its folder: `index.html.tsx` or `index.html.md`. */
  readonly isIndex?: true;
}

/** A service folder whose names were read, but whose modules are not loaded. */
export interface ScannedService {
  /** The name of the last folder of its path. */
  readonly name: string;
  readonly folder: string;
  /** The config files. The key is the name of the convention. */
  readonly configs: ReadonlyMap<string, ServiceFile>;
  readonly http: readonly HttpFile[];
  /** The private scripts below `http/` that files there find by their names, such as layouts. */
  readonly found: readonly ServiceFile[];
  readonly httpFolder?: string;
  /** Whether some files below `http/` are served unchanged. */
  readonly hasPlainFiles: boolean;
  readonly staticFolder?: string;
  /** In the order in which they run. */
  readonly migrations: readonly ServiceFile[];
}

/** The files of a service folder, and their problems. */
export interface ScanResult {
  readonly service: ScannedService;
  readonly problems: readonly Problem[];
  /** Files that the user probably expects to be read, but that are not read. */
  readonly hints: readonly Problem[];
}

/**
 * Reads the names in a service folder. It loads no modules.
 * @param path - the folder, its output folder, or the name of an installed package with a service
 * @param version - set if its modules must be loaded anew
 * @throws {MiqroError} `MIQRO_ARGUMENT` if it is not a service folder
 */
export async function scanService(
  path: string,
  outputs: OutputFinder,
  version?: number,
): Promise<ScanResult> {
  const asked = existsSync(path) ? resolve(path) : loadLocateService().locateService(path, process.cwd());
  const named = outputs.sourceFolderOf(asked) ?? asked;
  const folder = linkedFolder(named);
  const entries = await readFolder(folder, path);
  const problems: Problem[] = [...entries.dangling];
  const toFile = createFileReader(outputs, problems, version);

  const configs = new Map<string, ServiceFile>();
  const known = new Set<string>();
  for (const name of sourcesOf(entries.files)) {
    const stem = name.slice(0, -extname(name).length);
    if (stem.includes(".")) continue;
    const convention = conventions.find((candidate) => candidate.name === stem);
    if (convention === undefined) continue;
    known.add(stem);
    const before = configs.get(stem);
    if (before !== undefined) {
      problems.push({
        file: join(folder, name),
        message: `${before.source} exists as well. Keep one of them.`,
      });
      continue;
    }
    const file = toFile(join(folder, name));
    if (file !== undefined) configs.set(stem, file);
  }
  for (const name of entries.folders) if (folderNames.includes(name)) known.add(name);
  if (known.size === 0) throw notAService(path, folder, entries);

  const has = (name: string) => entries.folders.includes(name);
  const httpFolder = has("http") ? join(folder, "http") : undefined;
  const hints: Problem[] = [];
  const privateScripts: string[] = [];
  const plain = { count: 0 };
  const { http, found } =
    httpFolder === undefined
      ? { http: [], found: [] }
      : await scanHttp(httpFolder, toFile, { problems, privateScripts, version, plain });
  const migrations = has("migration")
    ? await scanMigrations(join(folder, "migration"), toFile, { problems, hints })
    : [];
  const unknown = {
    folder,
    files: entries.files.filter((name) => !known.has(name.slice(0, -extname(name).length))),
    folders: entries.folders.filter((name) => !known.has(name)),
  };
  if (unknown.files.length + unknown.folders.length + privateScripts.length > 0) {
    const { findForgottenRoutes, findMisnamed } = await import("./find-misnamed.js");
    const all = [...configs.values(), ...http, ...migrations].map(({ source }) => source);
    const beside = unknown.files.filter(isScript).map((name) => join(folder, name));
    hints.push(
      ...findMisnamed(unknown),
      ...findForgottenRoutes(privateScripts, { all: [...all, ...beside, ...privateScripts], folder }),
    );
  }
  return {
    service: {
      name: basename(named),
      folder,
      configs,
      http,
      found,
      ...(httpFolder === undefined ? {} : { httpFolder }),
      hasPlainFiles: plain.count > 0,
      ...(has("static") ? { staticFolder: join(folder, "static") } : {}),
      migrations,
    },
    problems,
    hints,
  };
}

/** A package that npm links into `node_modules` is the user's own, with sources that are compiled. */
function linkedFolder(folder: string): string {
  const modules = `${sep}node_modules${sep}`;
  if (!folder.includes(modules) || !existsSync(folder)) return folder;
  const real = realpathSync(folder);
  return real.includes(modules) ? folder : real;
}

interface Entries {
  readonly files: readonly string[];
  readonly folders: readonly string[];
  /** A problem for each link without a target. */
  readonly dangling: readonly Problem[];
}

async function readFolder(folder: string, asked: string): Promise<Entries> {
  try {
    return await listFolder(folder);
  } catch (error) {
    if (!(error instanceof Error) || !("syscall" in error)) throw error;
    const { code } = error as NodeJS.ErrnoException;
    const what =
      code === "ENOTDIR"
        ? "is not a folder"
        : code === "ENOENT"
          ? `does not exist: there is no ${folder}`
          : `cannot be read: ${fileReasonOf(error)}`;
    throw new MiqroError(
      "MIQRO_ARGUMENT",
      `The service ${asked} ${what}. --service, or "services" of miqro.json, names the folder that holds http/.`,
    );
  }
}

/** The names in a folder, in an order that does not depend on the file system. Links are followed. */
async function listFolder(folder: string): Promise<Entries> {
  const files: string[] = [];
  const folders: string[] = [];
  const dangling: Problem[] = [];
  const entries = await readdir(folder, { withFileTypes: true });
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, entry.name);
    const found = entry.isSymbolicLink() ? await stat(path).catch(() => undefined) : entry;
    // Editors mark an open file with a link without a target: .#name.
    if (found === undefined && !entry.name.startsWith(".")) dangling.push(await danglingLink(path));
    else if (found?.isDirectory()) folders.push(entry.name);
    else if (found?.isFile()) files.push(entry.name);
  }
  return { files, folders, dangling };
}

async function danglingLink(path: string): Promise<Problem> {
  const target = await readlink(path).catch(() => "somewhere");
  return { file: path, message: `it is a link to ${target}, which does not exist. Correct or remove it.` };
}

function notAService(path: string, folder: string, { files, folders }: Entries): MiqroError {
  const refuse = (rest: string) =>
    new MiqroError("MIQRO_ARGUMENT", `${path} is not a service folder: ${rest}`);
  if (basename(folder) === "http" || basename(folder) === "static") {
    return refuse(`it is the ${basename(folder)}/ of one. Write --service ${dirname(path)}.`);
  }
  const inside = folders.find((name) => folderNames.some((known) => existsSync(join(folder, name, known))));
  if (inside !== undefined && !inside.startsWith(".") && inside !== "node_modules") {
    return refuse(`it holds one. Write --service ${join(path, inside)}.`);
  }
  const { closestName } = loadClosestName();
  const { meantFolder } = loadMisnamed();
  for (const name of folders) {
    if (conventions.some((convention) => convention.name === name)) {
      return refuse(`its "${name}" is a folder. Did you mean the file ${name}.ts?`);
    }
    const near = meantFolder(name);
    if (near !== undefined) return refuse(`is its folder "${name}" meant to be "${near}"?`);
  }
  const names = conventions.map((convention) => convention.name);
  for (const name of files.filter(isScript)) {
    const near = closestName(name.replace(/\.\w+$/, ""), names);
    if (near !== undefined) return refuse(`is its file "${name}" meant to be "${near}${extname(name)}"?`);
  }
  return refuse("it contains neither http/, static/ or migration/ nor a config file such as db.ts.");
}

/** The files that are sources: if `x.js` is beside `x.ts`, the former was compiled from the latter. */
function sourcesOf(files: readonly string[]): string[] {
  const compiled = new Set<string>();
  for (const name of files) {
    if (!isTypeScript(name)) continue;
    const stem = name.slice(0, -extname(name).length);
    for (const extension of [".js", ".jsx", ".mjs", ".cjs"]) compiled.add(stem + extension);
  }
  return files.filter((name) => isScript(name) && !/\.d\.[mc]?ts$/.test(name) && !compiled.has(name));
}

type FileReader = (source: string) => ServiceFile | undefined;

function createFileReader(
  outputs: OutputFinder,
  problems: Problem[],
  version: number | undefined,
): FileReader {
  return (source) => {
    try {
      const { file, tsconfig, outDir } = outputs.find(source);
      if (extname(file) === ".jsx") {
        problems.push({
          file: source,
          message: "Node.js cannot run JSX. Rename it to .tsx, or set allowJs, and compile it with tsc.",
        });
        return undefined;
      }
      return {
        source,
        file,
        ...(tsconfig === undefined ? {} : { tsconfig }),
        ...(outDir === undefined ? {} : { outDir }),
        ...(version === undefined ? {} : { version }),
      };
    } catch (error) {
      if (!(error instanceof MiqroError)) throw error;
      problems.push({ file: source, message: error.message, cause: error });
      return undefined;
    }
  };
}

async function scanHttp(
  root: string,
  toFile: FileReader,
  {
    problems,
    privateScripts,
    version,
    plain,
  }: {
    readonly problems: Problem[];
    readonly privateScripts: string[];
    readonly version: number | undefined;
    readonly plain: { count: number };
  },
): Promise<{ readonly http: readonly HttpFile[]; readonly found: readonly ServiceFile[] }> {
  const found: HttpFile[] = [];
  const underscored: string[] = [];
  const readFile = (folder: string, name: string, path: string): void => {
    const { kind, names } = fileKind(name);
    const source = join(folder, name);
    if (kind === "private" && isScript(name) && !/^[._#]|\.test\./.test(name)) privateScripts.push(source);
    if (kind === "private" && isScript(name) && name.startsWith("_")) underscored.push(source);
    if (kind === "static") plain.count++;
    if (kind === "private" || kind === "static") return;
    const wrong = wrongParameter(`${path}${names[0] ?? ""}`);
    if (wrong !== undefined) {
      problems.push({ file: source, message: wrong });
      return;
    }
    const tokens = names.map(routeToken);
    const suffix = tokens[0]?.suffix;
    const entry = findEntry(name)?.entry;
    const refused = entry?.noParameter;
    if (suffix !== undefined && refused !== undefined) {
      problems.push({ file: source, message: refused });
      return;
    }
    const file = isScript(name)
      ? toFile(source)
      : { source, file: source, ...(version === undefined ? {} : { version }) };
    if (file === undefined) return;
    if (path === "/" && entry?.isPage === true && names.includes("404.html")) {
      found.push({ ...file, kind, folder: path, paths: [], isNotFoundPage: true });
      return;
    }
    // A kind with several names, such as Markdown, has only names without a suffix if its path ends in a parameter.
    const paths = tokens.filter((token) => token.suffix === suffix).map(({ token }) => path + token);
    found.push({
      ...file,
      kind,
      folder: path,
      paths,
      ...(suffix === undefined ? {} : { suffix }),
      ...(entry?.isPage === true && names.includes("index.html") ? { isIndex: true } : {}),
    });
  };
  const walk = async (folder: string, path: string, above: readonly string[]): Promise<void> => {
    const real = await realpath(folder);
    if (above.includes(real)) {
      problems.push({
        file: folder,
        message: `it is a link to ${real}, which contains the link. Remove it.`,
      });
      return;
    }
    const entries = await listFolder(folder);
    problems.push(...entries.dangling);
    const sources = new Set(sourcesOf(entries.files));
    for (const name of entries.files) {
      if (sources.has(name) || !isScript(name)) readFile(folder, name, path);
    }
    for (const name of entries.folders) {
      if (isPrivateFolder(name, above.length)) continue;
      await walk(join(folder, name), `${path}${routeToken(name).token}/`, [...above, real]);
    }
  };
  await walk(root, "/", []);
  // A path with a suffix goes before a path that matches any value.
  const http = found.sort((a, b) => Number(a.suffix === undefined) - Number(b.suffix === undefined));
  const kinds = new Set(http.map(({ kind }) => kind));
  const finders = httpFiles.filter(({ kind, finds }) => finds !== undefined && kinds.has(kind));
  const named = underscored.filter((source) => finders.some(({ finds }) => finds?.(basename(source))));
  return { http, found: named.map(toFile).filter((file) => file !== undefined) };
}

/** The error of brackets in the path of a route, if any. Parameters are already tokens here. */
function wrongParameter(path: string): string | undefined {
  const parts = path.split("/");
  // A folder of a parameter, such as [id], already has its token :id.
  const other = parts.find(
    (one, index) => /^(?:\{\w+\}|<\w+>)$/.test(one) || (index === parts.length - 1 && /^:\w+$/.test(one)),
  );
  if (other !== undefined)
    return `"${other}" is not a parameter. Rename it to [${other.replace(/\W/g, "")}].`;
  const part = parts.find((one) => /[[\]]/.test(one) && routeToken(one).token === one);
  if (part === undefined) return undefined;
  return `"${part}" is not a parameter: brackets must enclose the whole name of a file or folder, as in [id] and [...rest]. Rename it.`;
}

// The order in which @miqro/query runs them.
const byNumber = new Intl.Collator("en", { numeric: true }).compare;

async function scanMigrations(
  folder: string,
  toFile: FileReader,
  { problems, hints }: { readonly problems: Problem[]; readonly hints: Problem[] },
): Promise<ServiceFile[]> {
  const { files, folders, dangling } = await listFolder(folder);
  problems.push(...dangling);
  const isMeant = (name: string) => !/^[._]|\.test\.|\.d\.[mc]?ts$|\.map$/.test(name);
  for (const name of [...folders, ...files.filter((file) => !isScript(file))].filter(isMeant)) {
    hints.push({
      file: join(folder, name),
      message: "it does not run: a migration is a script directly in migration/, such as 001_name.ts.",
    });
  }
  return sourcesOf(files)
    .filter(isMeant)
    .sort(byNumber)
    .map((name) => toFile(join(folder, name)))
    .filter((file) => file !== undefined);
}
