import { realpath } from "node:fs/promises";
import { basename, dirname, extname, isAbsolute, join, posix } from "node:path";
import { mediaTypeOf } from "./asset-files.js";
import { ClientGraphError } from "./client-graph-error.js";
import { editsOf, type LoadedModule, render } from "./loaded-module.js";
import { hashModules } from "./module-hashes.js";
import { parseKey } from "./module-key.js";
import { ModuleLoader } from "./module-loader.js";
import { isWithin, ModuleLocator } from "./module-location.js";
import { ModuleResolver } from "./module-resolver.js";
import { PackageScopes } from "./package-scopes.js";
import { type Reached, reach, toGraphError } from "./reached-modules.js";
import { SourceFolders } from "./source-folders.js";
import { SourceReader } from "./source-reader.js";
import { toStub } from "./stub.js";

/** The options of {@link createClientGraph}. */
export interface ClientGraphOptions {
  /** The absolute path of the folder with the project's own files, both sources and compiled files. */
  readonly projectRoot: string;
  /** A folder that also contains compiled files of the project. It may be outside of the project. */
  readonly buildFolder?: string;
  /**
   * Called for every file before it is read, with its absolute path. Links are resolved.
   * @returns the reason why the file must not be sent to browsers, as a clause ("it is a config file"), or `undefined`
   */
  readonly isPrivate?: (file: string) => string | undefined;
  /** The string that replaces `process.env.NODE_ENV` in client code; `production` by default. */
  readonly environment?: "production" | "development";
}

/** A script whose URL is written in pages, and the compiled module for it. */
export interface ClientEntryOptions {
  /** The path that pages use, such as `/js/app.js`. */
  readonly url: string;
  /** The absolute path of the compiled module. */
  readonly file: string;
  /** The absolute path of its source, which messages contain. */
  readonly source?: string;
}

/** A script whose URL is written in pages. It can be served. */
export interface ClientEntry {
  readonly url: string;
  /**
   * The answer for the URL, which must not be cached: it imports the module, in a classic script and in a module
   * script.
   */
  readonly stub: string;
  /** The URL of the entry's module. */
  readonly moduleURL: string;
  /** The URLs of all modules that static imports load, beginning with the entry's own module. */
  readonly preload: readonly string[];
  /** Imports that stay unchanged, because their target is only known at run time or is a URL of another site. */
  readonly warnings: readonly string[];
}

/** A module in the form that is sent to browsers. */
export interface ClientModule {
  readonly body: Buffer;
  readonly headers: Readonly<Record<string, string>>;
}

/** The modules that client scripts import, each with one URL that changes with its content. */
export interface ClientGraph {
  /**
   * Reads the modules that a script imports, directly or not. A graph reads each file once, so make a new graph when a
   * file on the disk has changed.
   * @returns the entry; a second call with the same script returns the entry of the first call
   * @throws {TypeError} if the URL or a path is malformed, or if the URL already belongs to another file
   * @throws {ClientGraphError} if one of the modules cannot be served; no module is added then
   */
  addEntry(options: ClientEntryOptions): Promise<ClientEntry>;

  /**
   * The module at a path such as `/_miqro/HASH/app.js`. Only modules that an entry imports have such a path, and in
   * development their source maps.
   */
  get(path: string): ClientModule | undefined;

  /** The `preload` list of the entry with this URL. */
  preloads(url: string): readonly string[] | undefined;

  /** The URLs of all modules that entries import, and in development the URLs of their source maps. */
  moduleURLs(): readonly string[];
}

/**
 * Serves compiled client code to browsers without a bundler. Imports are resolved as in Node.js, with the conditions
 * `browser` and `import`. They are rewritten to URLs under `/_miqro/` that may be cached for ever.
 */
export function createClientGraph(options: ClientGraphOptions): ClientGraph {
  return new Graph(options);
}

function headersOf(mediaType: string): ClientModule["headers"] {
  return Object.freeze({
    "content-type": mediaType,
    "cache-control": "public, max-age=31536000, immutable",
    "x-content-type-options": "nosniff",
  });
}

const mapHeaders: ClientModule["headers"] = Object.freeze({
  ...headersOf("application/json; charset=utf-8"),
  "cache-control": "no-cache",
});
const scriptHeaders = headersOf("text/javascript; charset=utf-8");

interface Tools {
  readonly locator: ModuleLocator;
  readonly loader: ModuleLoader;
  readonly folders: SourceFolders;
}

class Graph implements ClientGraph {
  readonly #options: ClientGraphOptions;
  readonly #entries = new Map<string, { readonly file: string; readonly entry: Promise<ClientEntry> }>();
  readonly #ready = new Map<string, ClientEntry>();
  readonly #hashes = new Map<string, string>();
  readonly #urls = new Map<string, string>();
  readonly #modules = new Map<string, ClientModule>();
  readonly #maps = new Map<string, () => string | undefined>();
  #tools: Promise<Tools> | undefined;
  #sourceMaps: typeof import("./source-map.js") | undefined;

  constructor(options: ClientGraphOptions) {
    requireAbsolute("projectRoot", options.projectRoot);
    this.#options = options;
  }

  async addEntry(options: ClientEntryOptions): Promise<ClientEntry> {
    requireURL(options.url);
    requireAbsolute("file", options.file);
    const known = this.#entries.get(options.url);
    if (known === undefined) {
      const entry = this.#build(options);
      this.#entries.set(options.url, { file: options.file, entry });
      return entry;
    }
    if (known.file === options.file) return known.entry;
    throw new TypeError(
      `The client script ${options.url} is already used for ${known.file}, and now for ${options.file}; rename one of them.`,
    );
  }

  get(path: string): ClientModule | undefined {
    const map = this.#maps.get(path)?.();
    return map === undefined ? this.#modules.get(path) : { body: Buffer.from(map), headers: mapHeaders };
  }

  preloads(url: string): readonly string[] | undefined {
    return this.#ready.get(url)?.preload;
  }

  moduleURLs(): readonly string[] {
    const maps = [...this.#maps].filter(([, toMap]) => toMap() !== undefined);
    return [...this.#modules.keys(), ...maps.map(([url]) => url)];
  }

  async #build(options: ClientEntryOptions): Promise<ClientEntry> {
    this.#tools ??= this.#prepare();
    const { loader, locator, folders } = await this.#tools;
    const start = await realpath(options.file).catch(() => options.file);
    await this.#refuseLinkOut(options, start);
    if (options.source !== undefined) {
      folders.add(start, await realpath(options.source).catch(() => options.file));
    }
    // If an optional module of a package is missing, the entry is still served, so this module is left out at first.
    for (const step of (await reach(start, loader, (via) => !via.isOptional)).values()) {
      const fault =
        step.module.fault ??
        step.module.imports.find((one) => one.fault !== undefined && !one.isOptional)?.fault;
      if (fault !== undefined) throw toGraphError(fault, step, options, locator);
    }
    const reached = await reach(start, loader);
    this.#publish(reached, locator);
    const entry = this.#toEntry(options.url, start, reached);
    this.#ready.set(options.url, entry);
    return entry;
  }

  /** An entry may be a link, but only to another file of the project. Other files were not meant for browsers. */
  async #refuseLinkOut({ file, source = file }: ClientEntryOptions, real: string): Promise<void> {
    const [root, folder] = await Promise.all(
      [this.#options.projectRoot, dirname(file)].map((path) => realpath(path).catch(() => path)),
    );
    if (real === join(folder ?? "", basename(file)) || isWithin(root ?? "", real)) return;
    throw new ClientGraphError(
      "MIQRO_CLIENT_OUTSIDE",
      `${file} is a link to ${real}, outside of the project; only files of the project can be served.`,
      { file: source, chain: [source] },
    );
  }

  async #prepare(): Promise<Tools> {
    const { projectRoot, isPrivate = () => undefined, environment = "production" } = this.#options;
    const realRoot = await realpath(projectRoot).catch((cause: unknown) => {
      throw new TypeError(`The projectRoot of a client graph must exist, received: ${projectRoot}.`, {
        cause,
      });
    });
    if (environment === "development") this.#sourceMaps = await import("./source-map.js");
    const scopes = new PackageScopes();
    const { buildFolder } = this.#options;
    const realBuild = buildFolder === undefined ? undefined : await realpath(buildFolder);
    const locator = new ModuleLocator(projectRoot, realRoot, scopes, realBuild);
    const resolver = new ModuleResolver(scopes, environment);
    const reader = new SourceReader({ locator, scopes, isPrivate, environment });
    const folders = new SourceFolders();
    return {
      locator,
      folders,
      loader: new ModuleLoader({ locator, resolver, reader, folders, environment }),
    };
  }

  /**
   * Gives each module its URL. This code does not wait, so entries that are added at the same time share its results.
   */
  #publish(reached: ReadonlyMap<string, Reached>, locator: ModuleLocator): void {
    const added = [...reached.values()].map(({ module }) => module).filter(({ key }) => !this.#urls.has(key));
    const hashed = added.map((module) => {
      const imports = module.imports.map(({ target }) => target).filter((target) => target !== undefined);
      const rendered = render(module, () => "");
      // If the map is in the text, the hash covers it, including the sources that it will contain.
      const map = module.map?.inline === undefined ? "" : this.#toMap(module, () => "", locator);
      const content = typeof rendered === "string" ? rendered + (map ?? "") : rendered;
      return [module.key, { id: toId(module, locator), content, imports }] as const;
    });
    for (const [key, hash] of hashModules(new Map(hashed), this.#hashes)) {
      this.#hashes.set(key, hash);
      this.#urls.set(key, `/_miqro/${hash}/${toURLName(key)}`);
    }
    for (const module of added) {
      const url = this.#urlOf(module.key);
      const rendered = render(module, (target) => toRelativeURL(url, this.#urlOf(target)));
      const body =
        typeof rendered === "string" ? rendered + this.#mapComment(module, url, locator) : rendered;
      const headers = module.form === "asset" ? headersOf(mediaTypeOf(module.file)) : scriptHeaders;
      this.#modules.set(url, { body: typeof body === "string" ? Buffer.from(body) : body, headers });
    }
  }

  /** Names the source map of a module. A map in a file is only read when a browser requests it. */
  #mapComment(module: LoadedModule, url: string, locator: ModuleLocator): string {
    if (module.map === undefined) return "";
    const toMap = () => this.#toMap(module, (target) => toRelativeURL(url, this.#urlOf(target)), locator);
    if (module.map.inline === undefined) {
      this.#maps.set(`${url}.map`, toMap);
      return `\n//# sourceMappingURL=${url.slice(url.lastIndexOf("/") + 1)}.map\n`;
    }
    const text = toMap();
    if (text === undefined) return "";
    return `\n//# sourceMappingURL=data:application/json;base64,${Buffer.from(text).toString("base64")}\n`;
  }

  #toMap(
    module: LoadedModule,
    urlOf: (target: string) => string,
    locator: ModuleLocator,
  ): string | undefined {
    const { script, map: reference } = module;
    if (script === undefined || reference === undefined) return undefined;
    const { isPrivate = () => undefined } = this.#options;
    return this.#sourceMaps?.toServedMap({
      script,
      reference,
      edits: editsOf(module, urlOf),
      locator,
      isPrivate,
    });
  }

  #toEntry(url: string, start: string, reached: ReadonlyMap<string, Reached>): ClientEntry {
    const moduleURL = this.#urlOf(start);
    const preload = new Set([start]);
    for (const key of preload) {
      for (const { target, edge } of reached.get(key)?.module.imports ?? []) {
        if (target !== undefined && edge === "static") preload.add(target);
      }
    }
    return {
      url,
      stub: toStub(toRelativeURL(url, moduleURL)),
      moduleURL,
      preload: [...preload].map((key) => this.#urlOf(key)),
      warnings: [...reached.values()].flatMap(({ module }) => module.warnings),
    };
  }

  #urlOf(key: string): string {
    const url = this.#urls.get(key);
    if (url === undefined)
      throw new Error(`The client module ${JSON.stringify(key)} has no URL, which is a mistake in miqro.`);
    return url;
  }
}

function requireAbsolute(name: string, path: string): void {
  if (isAbsolute(path)) return;
  throw new TypeError(
    `The ${name} of a client graph must be an absolute path, received: ${JSON.stringify(path)}.`,
  );
}

function requireURL(url: string): void {
  if (/^\/[^?#\\]*[^?#\\/]$/.test(url) && posix.normalize(url) === url) return;
  throw new TypeError(
    `The url of a client script must be a path such as "/js/app.js", without "..", query or fragment, received: ${JSON.stringify(url)}.`,
  );
}

// Relative URLs also work if the whole site is served below a folder.
function toRelativeURL(from: string, to: string): string {
  const path = posix.relative(posix.dirname(from), to);
  return path.startsWith(".") ? path : `./${path}`;
}

/** The string that distinguishes modules with equal content. It is the same on every machine. */
function toId({ key, file, form }: LoadedModule, locator: ModuleLocator): string {
  const id = file === "" ? "" : locator.toId(file);
  return form === "module" ? id : [form, id, parseKey(key).detail].join(":");
}

function toURLName(key: string): string {
  const { form, file, detail } = parseKey(key);
  const path = file === "" ? (detail.split(",")[0] ?? form) : file;
  const extension = form === "asset" ? extname(path) : ".js";
  const name = basename(path, extname(path)).replaceAll(/[^\w.-]+/g, "-");
  return name.slice(0, 60) + extension.replaceAll(/[^\w.]+/g, "");
}
