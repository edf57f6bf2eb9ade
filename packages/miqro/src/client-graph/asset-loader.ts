import { readFile, realpath } from "node:fs/promises";
import { extname } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { Import, ImportMetaRef } from "es-module-lexer";
import { assetReason } from "./asset-files.js";
import { type AssetReference, findAssetReference } from "./asset-references.js";
import { ModuleFaultError } from "./client-graph-error.js";
import { type FileReference, findImportScripts, findStyleReferences } from "./file-references.js";
import { isFile } from "./find-file.js";
import {
  type FoundImport,
  type LoadedModule,
  lineAt,
  type ModuleImport,
  nothing,
  toFault,
} from "./loaded-module.js";
import { type ModuleKey, parseKey, toKey } from "./module-key.js";
import type { ModuleLoaderOptions } from "./module-loader.js";
import { installFolderOf } from "./module-location.js";
import { type ImportingModule, refuseForeign } from "./module-resolver.js";
import type { SourceFile } from "./source-reader.js";

/** Finds and reads the files that client code names but does not import. */
export interface AssetLoader {
  /** The files that a module names by `import.meta`. */
  find(record: ImportMetaRef, from: SourceFile): Promise<FoundImport>;
  /** @throws {ModuleFaultError} if `file`, which client code names, must not be served */
  admit(file: string): Promise<void>;
  load(key: ModuleKey, findImport: FindImport): Promise<AssetParts>;
}

/** The module that an `import()` in a script loads. */
type FindImport = (record: Import, from: SourceFile) => Promise<FoundImport>;
type AssetParts = Pick<LoadedModule, "source" | "imports"> &
  Partial<Pick<LoadedModule, "edits" | "warnings">>;

export function createAssetLoader({ locator, resolver, reader, folders }: ModuleLoaderOptions): AssetLoader {
  async function admit(file: string): Promise<void> {
    const owner = await reader.admit(file);
    // A package that npm has installed is public; a package of the same workspace is not.
    const isInstalled = owner.packageName !== undefined && installFolderOf(file) !== "";
    const reason = assetReason(locator.toPath(file, owner), !isInstalled);
    if (reason === undefined) return;
    throw new ModuleFaultError(
      "MIQRO_CLIENT_PRIVATE",
      `${locator.toCallerPath(file)} must not be sent to browsers: ${reason}.`,
    );
  }

  /** The key of a file: an ES module, a classic script, or any other file. */
  async function toTarget(file: string): Promise<string> {
    await admit(file);
    if (!/^\.[mc]?js$/.test(extname(file))) return toKey("asset", file);
    const source = await readScript(file);
    return source?.hasModuleSyntax === true ? file : toKey("script", file);
  }

  async function readScript(file: string): Promise<SourceFile | undefined> {
    try {
      return await reader.read(file);
    } catch (error) {
      // A script that looks like CommonJS is treated as the script of a classic worker.
      if (error instanceof ModuleFaultError && error.code === "MIQRO_CLIENT_COMMONJS") return undefined;
      throw error;
    }
  }

  async function locate(specifier: string, from: ImportingModule): Promise<string | undefined> {
    for (const base of [from.file, folders.sourceOf(from.file)]) {
      if (base === undefined) continue;
      const url = new URL(specifier, pathToFileURL(base));
      url.search = url.hash = "";
      const path = fileURLToPath(url);
      // A worker is written in TypeScript. Its compiled file is served.
      const compiled = path.replace(/\.([mc]?)tsx?$/, ".$1js");
      for (const file of from.owner.packageName === undefined ? [compiled] : [path]) {
        if (!(await isFile(file))) continue;
        const real = await realpath(file);
        refuseForeign(specifier, real, { ...from, file: base });
        return real;
      }
    }
    return undefined;
  }

  /** @returns `undefined` if there is no such file */
  async function targetOf(
    { type, specifier }: AssetReference,
    from: SourceFile,
  ): Promise<string | undefined> {
    if (type === "url" || /^\.\.?\//.test(specifier)) {
      const file = await locate(specifier, from);
      return file === undefined ? undefined : toTarget(file);
    }
    const resolved = await resolver.resolve(specifier, from);
    return resolved.type === "file" ? toTarget(resolved.file) : undefined;
  }

  return {
    admit,

    async find(record, from) {
      const reference = findAssetReference(from.text, record);
      const isProject = from.owner.packageName === undefined;
      const where = `${from.label}:${lineAt(from.text, record.start)}`;
      if (reference === undefined) return nothing;
      if (reference === "computed") {
        const warning = `${where} uses import.meta.url in an expression whose value is known only at run time. Browsers load a copy of this module from another URL, with no other file beside it. Write new URL("./file", import.meta.url) with a string.`;
        return { ...nothing, warnings: isProject ? [warning] : [] };
      }
      const { specifier, start, end } = reference;
      // An expression that does not depend on the URL of the module stays unchanged.
      if (isAbsolute(specifier)) return nothing;
      const place = {
        specifier,
        start,
        end,
        position: start,
        edge: "asset",
        isOptional: !isProject,
      } as const;
      const rest = JSON.stringify(/[?#].*$/.exec(specifier)?.[0] ?? "").slice(1);
      const imported: Omit<ModuleImport, "target" | "fault"> = { ...place, before: '"', after: rest };
      try {
        const target = await targetOf(reference, from);
        if (target !== undefined) {
          const isServiceWorker = /\bserviceWorker\s*\.\s*register\s*\(\s*(?:new\s+URL\s*\(\s*)?$/.test(
            from.text.slice(Math.max(0, start - 100), start),
          );
          const warning = `${where} registers a service worker at a URL with a hash, so it controls no page; put it in static/ and register it by its path there.`;
          return {
            ...{ imported: { ...imported, target, fault: undefined }, edits: [] },
            warnings: isProject && isServiceWorker ? [warning] : [],
          };
        }
        const warning = `${where} names "${specifier}" beside it, and there is no such file; correct the path.`;
        return { ...nothing, warnings: isProject ? [warning] : [] };
      } catch (error) {
        return {
          ...nothing,
          imported: { ...imported, target: undefined, fault: toFault(error, from.label) },
        };
      }
    },

    async load({ form, file }, findImport) {
      if (form === "script") return loadScript(file, findImport);
      await admit(file);
      if (extname(file) !== ".css") return { source: await readFile(file), imports: [] };
      const from = { file, owner: await reader.admit(file) };
      const source = await readFile(file, "utf8");
      const found = findStyleReferences(source).map((reference) => beside(reference, from));
      return { source, imports: (await Promise.all(found)).filter((one) => one !== undefined) };
    },
  };

  /** A file that a style sheet or a script names. If the file is missing, its URL stays unchanged. */
  async function beside(
    { specifier, start, end, quote }: FileReference,
    from: ImportingModule,
    form?: "script",
  ): Promise<ModuleImport | undefined> {
    if (isAbsolute(specifier)) return undefined;
    const place = { specifier, start, end, position: start, edge: "asset" } as const;
    const rest = /[?#].*$/.exec(specifier)?.[0] ?? "";
    const written = {
      ...place,
      before: quote,
      after: rest + quote,
      isOptional: from.owner.packageName !== undefined,
    };
    try {
      const file = await locate(specifier, from);
      if (file === undefined) return undefined;
      const target = await toTarget(file);
      const isScript = form === "script" && parseKey(target).form !== "asset";
      return { ...written, target: isScript ? toKey("script", file) : target, fault: undefined };
    } catch (error) {
      return { ...written, target: undefined, fault: toFault(error, from.file) };
    }
  }

  /** A classic script, perhaps of a worker. Its `importScripts` names are relative to it. */
  async function loadScript(file: string, findImport: FindImport): Promise<AssetParts> {
    const from = { file, owner: await reader.admit(file) };
    const read = await readScript(file);
    const source = read?.text ?? (await readFile(file, "utf8"));
    const scripts = findImportScripts(source).map((reference) => beside(reference, from, "script"));
    const found = await Promise.all(
      (read?.imports ?? []).map((record) => findImport(record, read as SourceFile)),
    );
    return {
      source,
      imports: [...(await Promise.all(scripts)), ...found.map((one) => one.imported)].filter(
        (one) => one !== undefined,
      ),
      edits: found.flatMap((one) => one.edits),
      warnings: found.flatMap((one) => one.warnings),
    };
  }
}

function isAbsolute(url: string): boolean {
  return /^(?:[a-z][a-z\d+.-]*:|\/|[?#]|$)/i.test(url);
}
