import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import type { Import } from "es-module-lexer";
import type { AssetLoader } from "./asset-loader.js";
import type { Edit } from "./browser-source.js";
import { type ModuleFault, ModuleFaultError } from "./client-graph-error.js";
import type { CommonJSNames } from "./commonjs-names.js";
import {
  emptyModule,
  jsonModule,
  missingModule,
  namesModule,
  namespaceModule,
  stylesheetModule,
} from "./generated-modules.js";
import { importedNames, namespaceClause } from "./imported-names.js";
import {
  type FoundImport,
  generatedImport,
  type LoadedModule,
  lineAt,
  type ModuleImport,
  nothing,
  toFault,
} from "./loaded-module.js";
import { type ModuleKey, parseKey, toKey } from "./module-key.js";
import type { ModuleLocator } from "./module-location.js";
import type { ModuleResolver, Resolution } from "./module-resolver.js";
import { remember } from "./remember.js";
import type { SourceFolders } from "./source-folders.js";
import type { SourceFile, SourceReader } from "./source-reader.js";
import { startSignal } from "./stub.js";

/** The dependencies of the loader. */
export interface ModuleLoaderOptions {
  readonly locator: ModuleLocator;
  readonly resolver: ModuleResolver;
  readonly reader: SourceReader;
  readonly folders: SourceFolders;
  readonly environment: "production" | "development";
}

/**
 * Makes modules from files and reads their imports. Each file is read once. Never rejects: an error is a member of the
 * module.
 */
export class ModuleLoader {
  readonly #options: ModuleLoaderOptions;
  #names: Promise<CommonJSNames> | undefined;
  #assets: Promise<AssetLoader> | undefined;
  readonly #modules = new Map<string, Promise<LoadedModule>>();

  constructor(options: ModuleLoaderOptions) {
    this.#options = options;
  }

  /** @param key a key of {@link toKey}: for an ES module, its absolute path with resolved links */
  load(key: string): Promise<LoadedModule> {
    return remember(this.#modules, key, () => this.#load(key));
  }

  async #load(key: string): Promise<LoadedModule> {
    const parsed = parseKey(key);
    const { locator } = this.#options;
    let label = parsed.file === "" ? parsed.form : locator.toCallerLabel(locator.toCallerPath(parsed.file));
    const base = { key, form: parsed.form, file: parsed.file, edits: [], imports: [], warnings: [] };
    try {
      if (parsed.file !== "") {
        label = locator.toLabel(parsed.file, await this.#options.reader.admit(parsed.file));
      }
      const made = await this.#make(parsed, label);
      const isDevelopment = this.#options.environment === "development";
      const map =
        isDevelopment && made.script
          ? await (await import("./source-map.js")).findSourceMap(made.script)
          : undefined;
      return { ...base, label, fault: undefined, ...made, map };
    } catch (error) {
      const fault = toFault(error, label);
      return { ...base, label, source: missingModule(`${label} cannot be loaded.`, []), fault };
    }
  }

  /** The properties of one form of a module. */
  async #make(key: ModuleKey, label: string): Promise<Partial<LoadedModule> & Pick<LoadedModule, "source">> {
    const { file, detail } = key;
    const { reader } = this.#options;
    switch (key.form) {
      case "module":
        return this.#module(await reader.read(file));
      case "commonjs":
        return (await import("./commonjs-module.js")).loadCommonJS(
          await reader.read(file),
          (specifier, from) => this.#required(specifier, from),
          (record, from) => this.#import(record, from),
        );
      case "names": {
        const [interop, ...extra] = detail.split(",");
        const known = await (await this.#commonJSNames()).of(await reader.read(file));
        const names = [...new Set([...known, ...extra])];
        return this.#facade(file, "toDefault", namesModule(names, interop === "node"));
      }
      case "namespace":
        return this.#facade(file, "toNamespace", namespaceModule(detail === "node"));
      case "empty":
        return { source: this.#empty(detail) };
      case "missing": {
        const [specifier = "", ...names] = detail.split(",");
        return {
          source: missingModule(`${label} imports "${specifier}", which does not exist in browsers.`, names),
        };
      }
      case "json":
        return { source: jsonModule(await readFile(file, "utf8"), label) };
      case "stylesheet":
        return { source: stylesheetModule(await readFile(file, "utf8")) };
      case "script":
      case "asset":
        return (await this.#assetLoader()).load(key, (record, from) => this.#import(record, from));
      case "runtime":
        return { source: (await import("./runtime-modules.js")).runtimeModules[detail] ?? "" };
    }
  }

  // Only a few entries need this module, so it is loaded when it is first used.
  #commonJSNames(): Promise<CommonJSNames> {
    const { reader, resolver } = this.#options;
    this.#names ??= import("./commonjs-names.js").then((made) => new made.CommonJSNames(reader, resolver));
    return this.#names;
  }

  #assetLoader(): Promise<AssetLoader> {
    this.#assets ??= import("./asset-loader.js").then((made) => made.createAssetLoader(this.#options));
    return this.#assets;
  }

  #empty(detail: string): string {
    const [name = "", ...names] = detail.split(",");
    return emptyModule(names, this.#options.environment === "development" ? name : undefined);
  }

  async #module(source: SourceFile): Promise<Partial<LoadedModule> & Pick<LoadedModule, "source">> {
    const found = await Promise.all(source.imports.map((record) => this.#import(record, source)));
    const edits = found.flatMap((one) => one.edits);
    // The search skips packages: they do not wait for events of the page, and some are too large to search.
    const mayWait = source.owner.packageName === undefined && /\bawait\b/.test(source.text);
    if (mayWait && (await import("./top-level-await.js")).hasTopLevelAwait(source.text)) {
      const start = source.text.startsWith("#!") ? source.text.indexOf("\n") + 1 : 0;
      edits.push({ start, end: start, text: startSignal });
    }
    return {
      source: source.text,
      script: source,
      imports: found.flatMap(({ imported }) => imported ?? []),
      warnings: found.flatMap(({ warnings }) => warnings),
      edits,
    };
  }

  /** A small module that runs a CommonJS module and re-exports its exports. */
  #facade(
    file: string,
    helper: string,
    source: string,
  ): Partial<LoadedModule> & Pick<LoadedModule, "source"> {
    const runtime = toKey("runtime", "", "commonjs");
    return {
      source,
      imports: [
        generatedImport(toKey("commonjs", file), 'import { $require as require } from "', '"; '),
        generatedImport(runtime, `import { ${helper} } from "`, '";\n'),
      ],
    };
  }

  async #import(record: Import, from: SourceFile): Promise<FoundImport> {
    if (record.type === "import-meta") return (await this.#assetLoader()).find(record, from);
    const isProject = from.owner.packageName === undefined;
    const isDynamic = record.type === "dynamic";
    const { start, end, specifier = "" } = record;
    if (isDynamic && (record.specifier === undefined || record.glob)) {
      return { ...nothing, warnings: isProject ? [computedWarning(record, from)] : [] };
    }
    const quote = isDynamic ? '"' : "";
    const place: Omit<ModuleImport, "target" | "fault"> = {
      ...{ specifier, start, end, position: start, before: quote, after: quote },
      edge: isDynamic ? "dynamic" : "static",
      isOptional: isDynamic && !isProject,
    };
    const names = () => (isDynamic ? [] : importedNames(from, record));
    try {
      const attribute = attributeOf(record, from.text);
      const resolved = await this.#resolve(specifier, from);
      if (resolved.type === "external") {
        return { ...nothing, warnings: isProject ? [externalWarning(record, from)] : [] };
      }
      const isWhole = isDynamic || namespaceClause(from.text, record) !== undefined;
      const target = await this.#target(resolved, { from, names, attribute: attribute?.type, isWhole });
      // The next file is read while the other imports of this file are resolved.
      void this.load(target.key);
      const edits: Edit[] = [];
      if (attribute !== undefined) {
        const { start: first, end: last } = attribute;
        // The line numbers stay the same.
        edits.push({ start: first, end: last, text: from.text.slice(first, last).replaceAll(/[^\n]+/g, "") });
      }
      if (parseKey(target.key).form === "namespace") {
        edits.push(...namespaceEdits(record, from.text));
      }
      return {
        imported: { ...place, target: target.key, fault: undefined },
        edits,
        warnings: target.warnings,
      };
    } catch (error) {
      const fault = toFault(error, from.file);
      const target = isProject ? undefined : toKey("missing", from.file, [specifier, ...names()].join());
      return { ...nothing, imported: { ...place, target, fault } };
    }
  }

  /** If `tsc` did not copy a file of the project, the file beside the source is used. */
  async #resolve(specifier: string, from: SourceFile): Promise<Resolution> {
    const { resolver, folders } = this.#options;
    try {
      return await resolver.resolve(specifier, from);
    } catch (error) {
      const source = folders.sourceOf(from.file);
      if (source === undefined || !/^\.\.?\/.*\.(?:json|css|[mc]?js)$/.test(specifier)) throw error;
      return resolver.resolve(specifier, { ...from, file: source }).catch(() => Promise.reject(error));
    }
  }

  /** The form of the target that the importing module gets. */
  async #target(
    resolved: Exclude<Resolution, { type: "external" }>,
    request: {
      readonly from: SourceFile;
      readonly names: () => readonly string[];
      readonly attribute: string | undefined;
      /** Whether the import takes all exports at once. */
      readonly isWhole: boolean;
    },
  ): Promise<{ readonly key: string; readonly warnings: readonly string[] }> {
    const { from, names, attribute } = request;
    if (resolved.type === "empty") {
      return { key: toKey("empty", "", [resolved.name, ...names()].join()), warnings: [] };
    }
    const { file } = resolved;
    const isPackage = from.owner.packageName !== undefined;
    if (file.endsWith(".json") || attribute === "json") {
      await (await this.#assetLoader()).admit(file);
      return { key: toKey("json", file), warnings: [] };
    }
    if (file.endsWith(".css")) {
      if (attribute === "css") return { key: toKey("stylesheet", file), warnings: [] };
      if (isPackage) {
        const label = this.#options.locator.toLabel(file, from.owner);
        const warnings = [
          `${from.label} imports ${label}, which is not loaded with it: link the style sheet from the page.`,
        ];
        return { key: toKey("empty", "", [label, ...names()].join()), warnings };
      }
    }
    if (attribute !== undefined) throw attributeFault(`${file} with type "${attribute}"`);
    const source = await this.#options.reader.read(file);
    if (source.format === "module") return { key: file, warnings: [] };
    if (request.isWhole) return { key: toKey("namespace", file, from.interop), warnings: [] };
    const wanted = names();
    const known = wanted.length === 0 ? [] : await (await this.#commonJSNames()).of(source);
    const extra = wanted.filter((name) => !known.includes(name));
    return { key: toKey("names", file, [from.interop, ...extra].join()), warnings: [] };
  }

  /** The module that a `require` in a CommonJS module loads; `undefined` if the call must throw. */
  async #required(
    specifier: string,
    from: SourceFile,
  ): Promise<{ readonly key: string } | { readonly fault: ModuleFault }> {
    try {
      const resolved = await this.#options.resolver.resolve(specifier, from, "require");
      if (resolved.type === "external")
        throw new ModuleFaultError("MIQRO_CLIENT_SPECIFIER", `"${specifier}" is a URL.`);
      if (resolved.type === "empty") return { key: toKey("empty", "", resolved.name) };
      const { file } = resolved;
      if (file.endsWith(".css")) return { key: toKey("empty", "", basename(file)) };
      if (file.endsWith(".json")) {
        await (await this.#assetLoader()).admit(file);
        return { key: toKey("json", file) };
      }
      const { format } = await this.#options.reader.read(file);
      const key = format === "module" ? file : toKey("commonjs", file);
      void this.load(key);
      return { key };
    } catch (error) {
      return { fault: toFault(error, from.file) };
    }
  }
}

/**
 * Replaces an import of all exports of a CommonJS module: it takes the object with the exports, which exists after the
 * module has run.
 */
function namespaceEdits(record: Import, text: string): readonly Edit[] {
  const clause = namespaceClause(text, record);
  if (clause !== undefined) {
    return [{ start: clause.start, end: clause.end, text: `{ namespace as ${clause.name} }` }];
  }
  return [{ start: record.importEnd, end: record.importEnd, text: ".then((module) => module.namespace)" }];
}

function computedWarning(record: Import, { label, text }: SourceFile): string {
  const expression = text.slice(record.start, record.end);
  return `${label}:${lineAt(text, record.start)} imports ${expression}, whose value is known only at run time; miqro serves no module for it, so write the path as a string.`;
}

function externalWarning(record: Import, { label, text }: SourceFile): string {
  return `${label}:${lineAt(text, record.start)} imports "${record.specifier}", which the browser loads from there and not from this server.`;
}

const type = /\{\s*["']?type["']?\s*:\s*["'](json|css)["']\s*,?\s*\}/.source;
const asserted = new RegExp(`[ \\t]*\\bassert\\s*${type}`, "y");
const options = new RegExp(`^\\{\\s*["']?(?:with|assert)["']?\\s*:\\s*${type}\\s*,?\\s*\\}\\s*,?\\s*$`);

/**
 * The `type` of an import attribute, and the part of the text with it. The part is removed, because browsers get a
 * JavaScript module.
 */
function attributeOf(
  record: Exclude<Import, { type: "import-meta" }>,
  text: string,
): { readonly type: string; readonly start: number; readonly end: number } | undefined {
  const statement = text.slice(record.importStart, record.importEnd);
  if (record.phase !== null) throw attributeFault(statement);
  if (record.type === "dynamic") {
    if (record.attributesStart === -1) return undefined;
    const end = record.importEnd - 1;
    const demanded = options.exec(text.slice(record.attributesStart, end))?.[1];
    if (demanded === undefined) throw attributeFault(statement);
    return { type: demanded, start: record.end, end };
  }
  const start = record.end + 1;
  if (record.attributes !== null && record.attributes.length > 0) {
    const demanded = record.attributes.find(([key]) => key === "type")?.[1];
    const isKnown = record.attributes.length === 1 && (demanded === "json" || demanded === "css");
    if (demanded === undefined || !isKnown) throw attributeFault(statement);
    return { type: demanded, start, end: record.importEnd };
  }
  // The older keyword for `with`, which browsers no longer accept.
  asserted.lastIndex = record.importEnd;
  const demanded = asserted.exec(text)?.[1];
  return demanded === undefined ? undefined : { type: demanded, start, end: asserted.lastIndex };
}

function attributeFault(statement: string): ModuleFaultError {
  return new ModuleFaultError(
    "MIQRO_CLIENT_UNSUPPORTED",
    `Client code can import with { type: "json" } and { type: "css" }, other import attributes and phases are not supported, received: ${statement}; use a plain import of a JavaScript module.`,
  );
}
