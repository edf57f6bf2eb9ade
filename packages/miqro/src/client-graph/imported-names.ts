import type { Import } from "es-module-lexer";
import { isIdentifier } from "./generated-modules.js";
import type { SourceFile } from "./source-reader.js";

/**
 * The names that a module takes from one of its imports, `default` left out. Modules that are made up for it offer
 * at least these: the names in CommonJS are found by its patterns, and there are more ways to write it.
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
    const namespace = /\*\s*as\s+([\w$]+)/.exec(clause)?.[1];
    if (namespace !== undefined) for (const name of membersOf(text, namespace)) names.add(name);
  }
  return [...names].filter(isIdentifier).toSorted();
}

function membersOf(text: string, namespace: string): string[] {
  const member = new RegExp(
    `(?<![\\w$.])${namespace.replaceAll("$", "\\$")}\\s*\\??\\.\\s*([A-Za-z_$][\\w$]*)`,
    "g",
  );
  return Array.from(text.matchAll(member), ([, name = ""]) => name);
}
