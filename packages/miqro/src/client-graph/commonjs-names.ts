import { parse as parseModule } from "es-module-lexer";
import { isIdentifier } from "./generated-modules.js";
import type { ModuleResolver } from "./module-resolver.js";
import { remember } from "./remember.js";
import { findRequires } from "./requires.js";
import type { SourceFile, SourceReader } from "./source-reader.js";

interface Lexed {
  readonly exports: readonly string[];
  readonly reexports: readonly string[];
}

/** Finds the names that CommonJS modules export, by the patterns that compilers and authors write. */
export class CommonJSNames {
  readonly #reader: SourceReader;
  readonly #resolver: ModuleResolver;
  readonly #own = new Map<
    string,
    Promise<{ readonly exports: readonly string[]; readonly from: readonly string[] }>
  >();

  constructor(reader: SourceReader, resolver: ModuleResolver) {
    this.#reader = reader;
    this.#resolver = resolver;
  }

  /** The export names of a module, and of the modules that it re-exports, sorted. */
  async of(source: SourceFile): Promise<readonly string[]> {
    const names = new Set<string>();
    const files = new Set([source.file]);
    for (const file of files) {
      const { exports, from } = await remember(this.#own, file, () => this.#read(file));
      for (const name of exports) names.add(name);
      for (const next of from) files.add(next);
    }
    return [...names].filter(isIdentifier).toSorted();
  }

  async #read(file: string) {
    const found = { exports: [] as readonly string[], from: [] as string[] };
    try {
      const source = await this.#reader.read(file);
      const { exports, reexports } =
        source.format === "commonjs" ? await lexCommonJS(source) : lexModule(source);
      for (const specifier of reexports) {
        const kind = source.format === "commonjs" ? "require" : "import";
        const target = await this.#resolver.resolve(specifier, source, kind);
        if (target.type === "file" && !target.file.endsWith(".json")) found.from.push(target.file);
      }
      return { ...found, exports };
    } catch {
      // Errors of the module are reported when it is imported.
      return found;
    }
  }
}

async function lexCommonJS({ text }: SourceFile): Promise<Lexed> {
  // Loaded with the first CommonJS module that is imported by name.
  const { init, parse } = await import("cjs-module-lexer");
  await init();
  return parse(findRequires(text).live);
}

function lexModule({ text }: SourceFile): Lexed {
  const exports = parseModule(text)[1];
  return {
    exports: exports.flatMap((one) => (one.type === "reexport-all" ? [] : [one.name])),
    reexports: exports.flatMap((one) => (one.type === "reexport-all" ? [one.from] : [])),
  };
}
