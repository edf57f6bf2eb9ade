import { readFileSync } from "node:fs";
import { dirname, extname, join } from "node:path";
import { init, parse } from "es-module-lexer";
import { findUpwards } from "../../build/find-upwards.js";
import type { ModuleFormat } from "../pack-index.js";

/** The modules and files that a module names by a literal string. */
export interface ModuleReference {
  readonly specifier: string;
  /** `import` for static imports, without which the module cannot run; `file` for files that it names by URL. */
  readonly by: "import" | "dynamic import" | "require" | "file";
}

/** The result of a lexer for one module. */
export interface ReadModule {
  readonly format: ModuleFormat;
  readonly references: readonly ModuleReference[];
  /** Patterns of dynamic imports such as `./locales/*.js`. */
  readonly patterns: readonly string[];
  /** Whether the module loads modules by names that are only known when it runs. */
  readonly isOpen: boolean;
}

const requireCall = /(?<![\w$.#])require(?=\s*\()/g;
const ownFile =
  /\bnew\s+URL\(\s*["']([^"']+)["']\s*,\s*import\.meta\.url|\bimport\.meta\.url\s*,\s*["'](\.{1,2}\/[^"']+)["']|\b(?:import\.meta|require)\.resolve\(\s*["'](\.[^"']+)["']/g;

/** Reads the references of a JavaScript module. Nothing runs. */
export async function readModule(file: string): Promise<ReadModule> {
  const extension = extname(file);
  const none = { references: [], patterns: [], isOpen: false };
  if (extension === ".json") return { format: "json", ...none };
  if (extension === ".wasm") return { format: "wasm", ...none };
  await init();
  const text = readFileSync(file, "utf8");
  // The lexer for modules skips comments and strings, and reports dynamic imports in any script.
  const [imports, , , hasModuleSyntax] = lex(text.replace(requireCall, "import "), text);
  const format = formatOf(file, extension, hasModuleSyntax);
  const references: ModuleReference[] = [];
  const patterns: string[] = [];
  let isOpen = false;
  for (const one of imports) {
    if (one.type === "static" || one.type === "reexport-star") {
      references.push({ specifier: one.specifier, by: "import" });
    } else if (one.type === "dynamic") {
      const isRequire = text.startsWith("require", one.importStart);
      if (one.specifier === undefined) isOpen = true;
      else if (one.glob) patterns.push(one.specifier);
      else references.push({ specifier: one.specifier, by: isRequire ? "require" : "dynamic import" });
    }
  }
  for (const [, url, own, resolved] of text.matchAll(ownFile)) {
    references.push({ specifier: url ?? own ?? resolved ?? "", by: "file" });
  }
  return { format, references, patterns, isOpen };
}

function lex(probe: string, text: string): ReturnType<typeof parse> {
  try {
    return parse(probe);
  } catch {
    try {
      return parse(text);
    } catch {
      // A file that only browsers read, or that is not a script, is copied unchanged.
      return [[], [], false, false] as unknown as ReturnType<typeof parse>;
    }
  }
}

function formatOf(file: string, extension: string, hasModuleSyntax: boolean): ModuleFormat {
  if (extension === ".mjs") return "module";
  if (extension === ".cjs") return "commonjs";
  const type = packageType(dirname(file));
  return type ?? (hasModuleSyntax ? "module" : "commonjs");
}

const types = new Map<string, "module" | "commonjs" | undefined>();

function packageType(folder: string): "module" | "commonjs" | undefined {
  if (!types.has(folder)) {
    const path = findUpwards(folder, "package.json");
    const { type } = path === undefined ? {} : (JSON.parse(readFileSync(path, "utf8")) as { type?: unknown });
    types.set(folder, type === "module" || type === "commonjs" ? type : undefined);
  }
  return types.get(folder);
}

/** The files below a folder that fit the pattern of a dynamic import, such as `./locales/*.js`. */
export interface FilePattern {
  readonly folder: string;
  readonly pattern: RegExp;
}

/** Reads the pattern of a dynamic import. Undefined for a pattern that could name any package. */
export function toFilePattern(file: string, pattern: string): FilePattern | undefined {
  if (!/^\.{1,2}\//.test(pattern)) return undefined;
  const path = join(dirname(file), pattern).replaceAll("\\", "/");
  const escaped = path.replace(/[.+?^${}()|[\]\\]/g, "\\$&").replaceAll("*", "[^]*");
  return {
    folder: path.slice(0, path.lastIndexOf("/", path.indexOf("*"))),
    pattern: new RegExp(`^${escaped}$`),
  };
}
