import { readFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { ModuleFaultError } from "./client-graph-error.js";
import { remember } from "./remember.js";

/** The fields of a package.json that decide which file an import loads. */
export interface PackageJSON {
  readonly name?: string;
  readonly type?: string;
  readonly main?: string;
  readonly module?: string;
  readonly exports?: unknown;
  readonly imports?: unknown;
  /** The entry for browsers, or a map of names and paths with replacements for browsers. */
  readonly browser?: string | BrowserMap;
}

/** The replacement for browsers. The key is a name, or a path within the package. `false` means an empty module. */
export type BrowserMap = Readonly<Record<string, string | false>>;

/** A folder with a package.json. */
export interface PackageScope {
  readonly folder: string;
  readonly json: PackageJSON;
}

/** A folder whose package.json has a `browser` map. */
export interface MappedScope {
  readonly folder: string;
  readonly map: BrowserMap;
}

/** Reads package.json files, each once. */
export class PackageScopes {
  readonly #read = new Map<string, Promise<PackageScope | undefined>>();
  readonly #nearest = new Map<string, Promise<PackageScope | undefined>>();
  readonly #mapped = new Map<string, Promise<MappedScope | undefined>>();

  /**
   * The scope of a folder that contains a package.json.
   * @throws {ModuleFaultError} if the file is not a JSON object
   */
  at(folder: string): Promise<PackageScope | undefined> {
    return remember(this.#read, folder, () => readScope(folder));
  }

  /**
   * The scope of the folder, or of the nearest folder above it with a package.json. As in Node.js, `node_modules` ends
   * the search.
   */
  nearest(folder: string): Promise<PackageScope | undefined> {
    return remember(this.#nearest, folder, () => this.#search(folder));
  }

  /**
   * The nearest scope upwards with a `browser` map. As in bundlers, an inner package.json without such a map is
   * skipped.
   */
  mapped(folder: string): Promise<MappedScope | undefined> {
    return remember(this.#mapped, folder, () => this.#searchMapped(folder));
  }

  async #searchMapped(folder: string): Promise<MappedScope | undefined> {
    const scope = await this.nearest(folder);
    if (scope === undefined) return undefined;
    const map = scope.json.browser;
    return typeof map === "object" ? { folder: scope.folder, map } : this.mapped(dirname(scope.folder));
  }

  async #search(folder: string): Promise<PackageScope | undefined> {
    if (basename(folder) === "node_modules") return undefined;
    const own = await this.at(folder);
    if (own !== undefined) return own;
    const parent = dirname(folder);
    return parent === folder ? undefined : this.nearest(parent);
  }
}

async function readScope(folder: string): Promise<PackageScope | undefined> {
  const file = join(folder, "package.json");
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch {
    return undefined;
  }
  try {
    return { folder, json: toPackageJSON(JSON.parse(text)) };
  } catch (cause) {
    throw new ModuleFaultError("MIQRO_CLIENT_PACKAGE", `${file} is not a JSON object; correct the file.`, {
      cause,
    });
  }
}

function toPackageJSON(value: unknown): PackageJSON {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new TypeError("not an object");
  const fields = value as Readonly<Record<string, unknown>>;
  const { exports, imports } = fields;
  const json: Record<string, unknown> = { exports, imports, browser: toBrowserField(fields.browser) };
  for (const key of ["name", "type", "main", "module"]) {
    if (typeof fields[key] === "string") json[key] = fields[key];
  }
  return json;
}

function toBrowserField(value: unknown): string | BrowserMap | undefined {
  if (typeof value === "string") return value;
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  const entries = Object.entries(value).filter(([, to]) => typeof to === "string" || to === false);
  return Object.fromEntries(entries) as BrowserMap;
}
