import { realpath } from "node:fs/promises";
import { basename, extname, isAbsolute, posix } from "node:path";
import { applyEdits } from "./browser-source.js";
import { hashModules } from "./module-hashes.js";
import { type LoadedModule, ModuleLoader } from "./module-loader.js";
import { ModuleLocator } from "./module-location.js";
import { ModuleResolver } from "./module-resolver.js";
import { PackageScopes } from "./package-scopes.js";
import { type Reached, reach, toGraphError } from "./reached-modules.js";

/** What {@link createClientGraph} takes. */
export interface ClientGraphOptions {
  /** The absolute path of the folder that holds the project's own files, sources and compiled ones. */
  readonly projectRoot: string;
  /**
   * Asked for every file before it is read, with its absolute path, links resolved.
   * @returns why the file must not be sent to browsers, as a clause ("it is a config file"), or `undefined`
   */
  readonly isPrivate?: (file: string) => string | undefined;
  /** What `process.env.NODE_ENV` is replaced by in client code; `production` by default. */
  readonly environment?: "production" | "development";
}

/** A script that pages name, and the compiled module behind it. */
export interface ClientEntryOptions {
  /** The path that pages use, such as `/js/app.js`. */
  readonly url: string;
  /** The absolute path of the compiled module. */
  readonly file: string;
  /** The absolute path of what it was compiled from, for messages. */
  readonly source?: string;
}

/** A script that pages name, ready to be served. */
export interface ClientEntry {
  readonly url: string;
  /** What to answer for the URL, not to be cached: it imports the module, in a classic script as in a module. */
  readonly stub: string;
  /** The URL of the entry's module. */
  readonly moduleUrl: string;
  /** The URLs of all modules that static imports reach, the entry's own first. */
  readonly preload: readonly string[];
  /** Imports that are left as they are, because they are known only at run time or are foreign URLs. */
  readonly warnings: readonly string[];
}

/** A module as it is sent to browsers. */
export interface ClientModule {
  readonly body: Buffer;
  readonly headers: Readonly<Record<string, string>>;
}

/** The modules that client scripts reach, each with one URL that changes with its content. */
export interface ClientGraph {
  /**
   * Reads the modules that a script reaches. Each file is read once in the life of a graph: what changed on the disk
   * needs a new one.
   * @returns the entry; the one of the first call when the same script is added again
   * @throws {TypeError} when the URL or a path is malformed, or the URL stands for another file already
   * @throws {ClientGraphError} when one of the modules cannot be served; none of them is then added
   */
  addEntry(options: ClientEntryOptions): Promise<ClientEntry>;

  /** The module at a path such as `/_miqro/HASH/app.js`; only what an entry reaches is there. */
  get(path: string): ClientModule | undefined;

  /** The `preload` list of the entry with this URL. */
  preloads(url: string): readonly string[] | undefined;
}

/**
 * Serves compiled client code to browsers without a bundler: imports are resolved as in Node.js, with the conditions
 * `browser` and `import`, and rewritten to URLs under `/_miqro/` that may be cached for ever.
 */
export function createClientGraph(options: ClientGraphOptions): ClientGraph {
  return new Graph(options);
}

const headers: ClientModule["headers"] = Object.freeze({
  "content-type": "text/javascript; charset=utf-8",
  "cache-control": "public, max-age=31536000, immutable",
  "x-content-type-options": "nosniff",
});

interface Tools {
  readonly locator: ModuleLocator;
  readonly loader: ModuleLoader;
}

class Graph implements ClientGraph {
  readonly #options: ClientGraphOptions;
  readonly #entries = new Map<string, { readonly file: string; readonly entry: Promise<ClientEntry> }>();
  readonly #ready = new Map<string, ClientEntry>();
  readonly #hashes = new Map<string, string>();
  readonly #urls = new Map<string, string>();
  readonly #modules = new Map<string, ClientModule>();
  #tools: Promise<Tools> | undefined;

  constructor(options: ClientGraphOptions) {
    requireAbsolute("projectRoot", options.projectRoot);
    this.#options = options;
  }

  async addEntry(options: ClientEntryOptions): Promise<ClientEntry> {
    requireUrl(options.url);
    requireAbsolute("file", options.file);
    const known = this.#entries.get(options.url);
    if (known === undefined) {
      const entry = this.#build(options);
      this.#entries.set(options.url, { file: options.file, entry });
      return entry;
    }
    if (known.file === options.file) return known.entry;
    throw new TypeError(
      `The client script ${options.url} stands for ${known.file} already, received also ${options.file}; rename one of them.`,
    );
  }

  get(path: string): ClientModule | undefined {
    return this.#modules.get(path);
  }

  preloads(url: string): readonly string[] | undefined {
    return this.#ready.get(url)?.preload;
  }

  async #build(options: ClientEntryOptions): Promise<ClientEntry> {
    this.#tools ??= this.#prepare();
    const { loader, locator } = await this.#tools;
    const start = await realpath(options.file).catch(() => options.file);
    const reached = await reach(start, loader);
    for (const step of reached.values()) {
      const fault = step.module.fault ?? step.module.imports.find((one) => one.fault !== undefined)?.fault;
      if (fault !== undefined) throw toGraphError(fault, step, options, locator);
    }
    this.#publish(reached, locator);
    const entry = this.#toEntry(options.url, start, reached);
    this.#ready.set(options.url, entry);
    return entry;
  }

  async #prepare(): Promise<Tools> {
    const { projectRoot, isPrivate = () => undefined, environment = "production" } = this.#options;
    const realRoot = await realpath(projectRoot).catch((cause: unknown) => {
      throw new TypeError(`The projectRoot of a client graph must exist, received: ${projectRoot}.`, {
        cause,
      });
    });
    const scopes = new PackageScopes();
    const locator = new ModuleLocator(projectRoot, realRoot, scopes);
    const resolver = new ModuleResolver(scopes, environment);
    return { locator, loader: new ModuleLoader({ locator, resolver, scopes, isPrivate, environment }) };
  }

  /** Gives each module its URL. Nothing here waits, so entries that are added at once find each other's work done. */
  #publish(reached: ReadonlyMap<string, Reached>, locator: ModuleLocator): void {
    const added = [...reached.values()]
      .map(({ module }) => module)
      .filter(({ file }) => !this.#urls.has(file));
    const hashed = added.map((module) => {
      const imports = module.imports.map(({ target }) => target).filter((target) => target !== undefined);
      return [module.file, { id: locator.toId(module.file), content: module.source, imports }] as const;
    });
    for (const [file, hash] of hashModules(new Map(hashed), this.#hashes)) {
      this.#hashes.set(file, hash);
      this.#urls.set(file, `/_miqro/${hash}/${toUrlName(file)}`);
    }
    for (const module of added) {
      this.#modules.set(this.#urlOf(module.file), { body: Buffer.from(this.#rewrite(module)), headers });
    }
  }

  #rewrite(module: LoadedModule): string {
    const own = this.#urlOf(module.file);
    const edits = module.imports.flatMap(({ start, end, isDynamic, target }) => {
      if (target === undefined) return [];
      const url = toRelativeUrl(own, this.#urlOf(target));
      return [{ start, end, text: isDynamic ? JSON.stringify(url) : url }];
    });
    return applyEdits(module.source, edits);
  }

  #toEntry(url: string, start: string, reached: ReadonlyMap<string, Reached>): ClientEntry {
    const moduleUrl = this.#urlOf(start);
    const preload = new Set([start]);
    for (const file of preload) {
      for (const { target, isDynamic } of reached.get(file)?.module.imports ?? []) {
        if (target !== undefined && !isDynamic) preload.add(target);
      }
    }
    return {
      url,
      stub: `import(${JSON.stringify(toRelativeUrl(url, moduleUrl))});\n`,
      moduleUrl,
      preload: [...preload].map((file) => this.#urlOf(file)),
      warnings: [...reached.values()].flatMap(({ module }) => module.warnings),
    };
  }

  #urlOf(file: string): string {
    const url = this.#urls.get(file);
    if (url === undefined)
      throw new Error(`The client module ${file} has no URL, which is a mistake in miqro.`);
    return url;
  }
}

function requireAbsolute(name: string, path: string): void {
  if (isAbsolute(path)) return;
  throw new TypeError(
    `The ${name} of a client graph must be an absolute path, received: ${JSON.stringify(path)}.`,
  );
}

function requireUrl(url: string): void {
  if (/^\/[^?#\\]*[^?#\\/]$/.test(url) && posix.normalize(url) === url) return;
  throw new TypeError(
    `The url of a client script must be a path such as "/js/app.js", without "..", query or fragment, received: ${JSON.stringify(url)}.`,
  );
}

// Relative URLs also work where the whole site is served below a folder.
function toRelativeUrl(from: string, to: string): string {
  const path = posix.relative(posix.dirname(from), to);
  return path.startsWith(".") ? path : `./${path}`;
}

function toUrlName(file: string): string {
  const name = basename(file, extname(file)).replaceAll(/[^\w.-]+/g, "-");
  return `${name.slice(0, 60)}.js`;
}
