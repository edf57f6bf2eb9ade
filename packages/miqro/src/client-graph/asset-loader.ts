import { readFile, realpath } from "node:fs/promises";
import { extname } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { type ImportMetaRef, parse } from "es-module-lexer";
import { assetReason } from "./asset-files.js";
import { type AssetReference, findAssetReference } from "./asset-references.js";
import { ModuleFaultError } from "./client-graph-error.js";
import { isFile } from "./find-file.js";
import {
  type FoundImport,
  type LoadedModule,
  lineAt,
  type ModuleImport,
  nothing,
  toFault,
} from "./loaded-module.js";
import { type ModuleKey, toKey } from "./module-key.js";
import type { ModuleLoaderOptions } from "./module-loader.js";
import { refuseForeign } from "./module-resolver.js";
import type { SourceFile } from "./source-reader.js";

/** Finds and reads the files that client code names without importing them. */
export interface AssetLoader {
  /** What a module names by `import.meta`. */
  find(record: ImportMetaRef, from: SourceFile): Promise<FoundImport>;
  /** @throws {ModuleFaultError} when a file that is no script must not be served */
  admit(file: string): Promise<void>;
  load(key: ModuleKey): Promise<Pick<LoadedModule, "source" | "imports">>;
}

export function createAssetLoader({ locator, resolver, reader, folders }: ModuleLoaderOptions): AssetLoader {
  async function admit(file: string): Promise<void> {
    const owner = await reader.admit(file);
    const reason = assetReason(locator.toPath(file, owner), owner.packageName === undefined);
    if (reason === undefined) return;
    throw new ModuleFaultError(
      "ERR_CLIENT_PRIVATE",
      `${locator.toCallerPath(file)} must not be sent to browsers: ${reason}.`,
    );
  }

  /** The key of a file: a module if it is one, else a script or what it is. */
  async function toTarget(file: string): Promise<string> {
    if (!/^\.[mc]?js$/.test(extname(file))) {
      await admit(file);
      return toKey("asset", file);
    }
    const source = await reader.read(file).catch((error: unknown) => {
      // A script that looks like CommonJS is one for a classic worker.
      if (error instanceof ModuleFaultError && error.code === "ERR_CLIENT_COMMONJS") return undefined;
      throw error;
    });
    return source?.hasModuleSyntax === true ? file : toKey("script", file);
  }

  async function locate(specifier: string, from: SourceFile): Promise<string | undefined> {
    for (const base of [from.file, folders.sourceOf(from.file)]) {
      if (base === undefined) continue;
      const url = new URL(specifier, pathToFileURL(base));
      url.search = url.hash = "";
      const path = fileURLToPath(url);
      // A worker is written in TypeScript and served as what it is compiled to.
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

  /** @returns `undefined` when there is no such file */
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
        const warning = `${where} uses import.meta.url in a way that is known only when it runs; it is the URL of the served copy, beside which no other file lies, so write new URL("./file", import.meta.url) with a string.`;
        return { ...nothing, warnings: isProject ? [warning] : [] };
      }
      const { specifier, start, end } = reference;
      // What does not depend on the URL of the module keeps its meaning.
      if (/^(?:[a-z][a-z\d+.-]*:|\/|[?#]|$)/i.test(specifier)) return nothing;
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
        if (target !== undefined) return { ...nothing, imported: { ...imported, target, fault: undefined } };
        const warning = `${where} names "${specifier}" beside it, and there is no such file; correct the path.`;
        return { ...nothing, warnings: isProject ? [warning] : [] };
      } catch (error) {
        return {
          ...nothing,
          imported: { ...imported, target: undefined, fault: toFault(error, from.label) },
        };
      }
    },

    async load({ form, file }) {
      if (form === "asset") {
        await admit(file);
        return { source: await readFile(file), imports: [] };
      }
      return loadScript(await readFile(file, "utf8"), file);
    },
  };

  /** A classic script, whose `importScripts` lead to files beside it. */
  async function loadScript(source: string, file: string): Promise<Pick<LoadedModule, "source" | "imports">> {
    const owner = await reader.admit(file);
    const imports: ModuleImport[] = [];
    const calls = Array.from(
      source.matchAll(/(?<![\w$.])importScripts(?=\s*\(\s*["'])/g),
      ({ index }) => index,
    );
    const probe = source.replace(/(?<![\w$.])importScripts(?=\s*\(\s*["'])/g, "import       ");
    for (const record of calls.length > 0 ? lex(probe) : []) {
      if (record.type !== "dynamic" || record.specifier === undefined || !calls.includes(record.importStart))
        continue;
      const { specifier, start, end } = record;
      if (/^(?:[a-z][a-z\d+.-]*:|\/)/i.test(specifier)) continue;
      const path = fileURLToPath(new URL(specifier, pathToFileURL(file)));
      const real = await realpath(path).catch(() => undefined);
      if (real === undefined) continue;
      refuseForeign(specifier, real, { file, owner });
      const place = { specifier, start, end, position: start, before: '"', after: '"' };
      imports.push({
        ...place,
        edge: "asset",
        target: toKey("script", real),
        fault: undefined,
        isOptional: false,
      });
    }
    return { source, imports };
  }
}

function lex(text: string): ReturnType<typeof parse>[0] {
  try {
    return parse(text)[0];
  } catch {
    return [];
  }
}
