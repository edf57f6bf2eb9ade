import type { Import } from "es-module-lexer";
import { isIdentifier } from "./generated-modules.js";
import type { SourceFile } from "./source-reader.js";

/**
 * The names that a module imports from another module, without `default`. A generated module exports at least these
 * names: CommonJS names are found by patterns, and code can be written in other ways.
 */
export function importedNames({ text, imports, exports }: SourceFile, record: Import): readonly string[] {
  if (record.type !== "static") return [];
  const index = imports.indexOf(record);
  const names = new Set<string>();
  for (const one of exports) {
    if (one.type === "reexport" && one.importIndex === index && one.importName !== null)
      names.add(one.importName);
  }
  const clause = text.slice(record.importStart, record.start);
  if (clause.startsWith("import")) {
    const braces = /\{([^}]*)\}/.exec(clause.replaceAll(/\/\*[\s\S]*?\*\/|\/\/[^\n]*/g, ""))?.[1] ?? "";
    for (const part of braces.split(",")) {
      const name = part.trim().split(/\s+as\s+/)[0];
      if (name !== undefined && name !== "" && !/^["']/.test(name)) names.add(name);
    }
  }
  return [...names].filter(isIdentifier).toSorted();
}

/**
 * The part of a static import or re-export that takes all exports at once, `* as all`, and the name.
 * @returns `undefined` for other imports
 */
export function namespaceClause(
  text: string,
  record: Import,
): { readonly start: number; readonly end: number; readonly name: string } | undefined {
  if (record.type !== "static") return undefined;
  const clause = text.slice(record.importStart, record.start);
  const found = /\*\s*as\s+([\w$\u0080-\uffff]+|"[^"]*"|'[^']*')(?=\s*from\b|\s*\/)/.exec(clause);
  if (found?.[1] === undefined) return undefined;
  const start = record.importStart + found.index;
  return { start, end: start + found[0].length, name: found[1] };
}
