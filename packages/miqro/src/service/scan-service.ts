import { readdir, realpath, stat } from "node:fs/promises";
import { basename, extname, join, resolve } from "node:path";
import type { OutputFinder } from "../build/output-finder.js";
import { isTypeScript } from "../build/output-finder.js";
import { conventions } from "../conventions/table.js";
import { MiqroError, type Problem } from "../errors.js";
import { fileKind, findEntry, isPrivateFolder, isScript, routeToken } from "../http-files/kind.js";
import { loadSuggest } from "../modules.js";

const folderNames = ["http", "static", "migration", "test"];

/** A file of a service, and what runs in its place. */
export interface ServiceFile {
  readonly source: string;
  /** The file to load: the compiled one, or the source where it is not compiled. */
  readonly file: string;
  /** Set for a source that `tsc` compiles. */
  readonly tsconfig?: string;
}

/** A file below `http/` that answers requests. */
export interface HttpFile extends ServiceFile {
  /** Of the table of kinds. */
  readonly kind: string;
  /** The path of its folder: `/` or `/posts/`. */
  readonly folder: string;
  /** The paths that it answers by its name. */
  readonly paths: readonly string[];
  /** What the last parameter of these paths must end with: `.html` for `[id].html.tsx`. */
  readonly suffix?: string;
  /** Set for the page of what nothing answered: `404.html.tsx` or `404.html.md` directly in `http/`. */
  readonly isNotFoundPage?: true;
}

/** A service folder, read but not loaded. */
export interface ScannedService {
  /** The last folder of its path. */
  readonly name: string;
  readonly folder: string;
  /** The config files by the names of their conventions. */
  readonly configs: ReadonlyMap<string, ServiceFile>;
  readonly http: readonly HttpFile[];
  readonly httpFolder?: string;
  readonly staticFolder?: string;
  /** In the order in which they run. */
  readonly migrations: readonly ServiceFile[];
}

/** What was found in a service folder, and what is wrong with it. */
export interface ScanResult {
  readonly service: ScannedService;
  readonly problems: readonly Problem[];
}

/**
 * Reads the names in a service folder; loads nothing.
 * @param path - the folder, or the folder that it is compiled into
 * @throws {MiqroError} `ERR_ARGUMENT` when it is not a service folder
 */
export async function scanService(path: string, outputs: OutputFinder): Promise<ScanResult> {
  const asked = resolve(path);
  const folder = outputs.sourceFolderOf(asked) ?? asked;
  const entries = await readFolder(folder, path);
  const problems: Problem[] = [];
  const toFile = createFileReader(outputs, problems);

  const configs = new Map<string, ServiceFile>();
  const known = new Set<string>();
  for (const name of sourcesOf(entries.files)) {
    const stem = name.slice(0, -extname(name).length);
    if (stem.includes(".")) continue;
    const convention = conventions.find((candidate) => candidate.name === stem);
    if (convention === undefined) continue;
    known.add(stem);
    if (convention.load === undefined) {
      problems.push({ file: join(folder, name), message: `${stem} files are not available yet. Remove it.` });
      continue;
    }
    const before = configs.get(stem);
    if (before !== undefined) {
      problems.push({ file: join(folder, name), message: `${before.source} is there as well. Keep one.` });
      continue;
    }
    const file = toFile(join(folder, name));
    if (file !== undefined) configs.set(stem, file);
  }
  for (const name of entries.folders) if (folderNames.includes(name)) known.add(name);
  if (known.size === 0) throw notAService(path, [...entries.folders, ...entries.files]);

  const has = (name: string) => entries.folders.includes(name);
  const httpFolder = has("http") ? join(folder, "http") : undefined;
  const http = httpFolder === undefined ? [] : await scanHttp(httpFolder, toFile, problems);
  const migrations = has("migration") ? await scanMigrations(join(folder, "migration"), toFile) : [];
  return {
    service: {
      name: basename(folder),
      folder,
      configs,
      http,
      ...(httpFolder === undefined ? {} : { httpFolder }),
      ...(has("static") ? { staticFolder: join(folder, "static") } : {}),
      migrations,
    },
    problems,
  };
}

interface Entries {
  readonly files: readonly string[];
  readonly folders: readonly string[];
}

async function readFolder(folder: string, asked: string): Promise<Entries> {
  try {
    return await listFolder(folder);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    const what = code === "ENOTDIR" ? "is not a folder" : code === "ENOENT" ? "does not exist" : `: ${code}`;
    throw new MiqroError("ERR_ARGUMENT", `The service ${asked} ${what}. Name a folder with --service DIR.`);
  }
}

/** Names in an order that does not depend on the file system; links are followed. */
async function listFolder(folder: string): Promise<Entries> {
  const files: string[] = [];
  const folders: string[] = [];
  const entries = await readdir(folder, { withFileTypes: true });
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const found = entry.isSymbolicLink() ? await stat(join(folder, entry.name)).catch(() => entry) : entry;
    if (found.isDirectory()) folders.push(entry.name);
    else if (found.isFile()) files.push(entry.name);
  }
  return { files, folders };
}

function notAService(path: string, names: readonly string[]): MiqroError {
  const known = [...folderNames, ...conventions.map((convention) => convention.name)];
  for (const name of names) {
    const near = loadSuggest().suggest(name.replace(/\.\w+$/, ""), known);
    if (near === undefined) continue;
    return new MiqroError(
      "ERR_ARGUMENT",
      `${path} holds nothing of a service. Is "${name}" meant to be "${near}"?`,
    );
  }
  return new MiqroError(
    "ERR_ARGUMENT",
    `${path} holds nothing of a service, such as http/ or static/. Name a service folder with --service DIR.`,
  );
}

/** The files that are sources: of `x.ts` and `x.js` beside it, the latter is what was compiled from the former. */
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

function createFileReader(outputs: OutputFinder, problems: Problem[]): FileReader {
  return (source) => {
    try {
      const { file, tsconfig } = outputs.find(source);
      if (extname(file) === ".jsx") {
        problems.push({
          file: source,
          message: "Node.js cannot run JSX. Rename it to .tsx, or set allowJs, and compile it with tsc.",
        });
        return undefined;
      }
      return { source, file, ...(tsconfig === undefined ? {} : { tsconfig }) };
    } catch (error) {
      if (!(error instanceof MiqroError)) throw error;
      problems.push({ file: source, message: error.message });
      return undefined;
    }
  };
}

async function scanHttp(root: string, toFile: FileReader, problems: Problem[]): Promise<HttpFile[]> {
  const found: HttpFile[] = [];
  const readFile = (folder: string, name: string, path: string): void => {
    const { kind, names } = fileKind(name);
    if (kind === "private" || kind === "static") return;
    const source = join(folder, name);
    if (kind === "later") {
      problems.push({ file: source, message: "Files of this kind are not available yet. Remove it." });
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
    const file = isScript(name) ? toFile(source) : { source, file: source };
    if (file === undefined) return;
    if (path === "/" && entry?.isPage === true && names.includes("404.html")) {
      found.push({ ...file, kind, folder: path, paths: [], isNotFoundPage: true });
      return;
    }
    // A kind with several names, such as Markdown, answers without an ending only at a parameter.
    const paths = tokens.filter((token) => token.suffix === suffix).map(({ token }) => path + token);
    found.push({ ...file, kind, folder: path, paths, ...(suffix === undefined ? {} : { suffix }) });
  };
  const walk = async (folder: string, path: string, above: readonly string[]): Promise<void> => {
    const real = await realpath(folder);
    if (above.includes(real)) {
      problems.push({
        file: folder,
        message: `it is a link to ${real}, in which it lies itself. Remove it.`,
      });
      return;
    }
    const entries = await listFolder(folder);
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
  // What asks for an ending goes before what takes any value.
  return found.sort((a, b) => Number(a.suffix === undefined) - Number(b.suffix === undefined));
}

// The order in which @miqro/query runs them.
const byNumber = new Intl.Collator("en", { numeric: true }).compare;

async function scanMigrations(folder: string, toFile: FileReader): Promise<ServiceFile[]> {
  const { files } = await listFolder(folder);
  return sourcesOf(files)
    .filter((name) => !/^[._]|\.test\./.test(name))
    .sort(byNumber)
    .map((name) => toFile(join(folder, name)))
    .filter((file) => file !== undefined);
}
