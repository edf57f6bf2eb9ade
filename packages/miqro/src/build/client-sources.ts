import { existsSync, readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";

const references =
  /(?:\bfrom|\bimport)\s*\(?\s*["'](\.{1,2}\/[^"'?#]+)["']|new URL\(\s*["'](\.{1,2}\/[^"'?#]+\.[mc]?[jt]sx?)["']/g;

/**
 * The scripts of the project that client code reaches, by imports and by URLs of workers. The search reads only the
 * text, so it may also find a name in a comment.
 */
export function findClientSources(entries: readonly string[]): string[] {
  const found = new Set(entries);
  for (const file of found) {
    for (const [, imported, named] of readFileSync(file, "utf8").matchAll(references)) {
      const source = findSource(resolve(dirname(file), imported ?? named ?? ""));
      if (source !== undefined) found.add(source);
    }
  }
  return [...found];
}

/** The source of a path whose extension is that of an output. */
function findSource(path: string): string | undefined {
  const [, stem = "", kind = ""] = /^(.*)\.([mc]?)[jt]sx?$/.exec(path) ?? [];
  if (stem === "" || kind === "c") return undefined;
  const endings = kind === "m" ? [".mts", ".mjs"] : [".ts", ".tsx", ".js", ".jsx"];
  return [...endings.map((ending) => stem + ending)].find((candidate) => existsSync(candidate));
}
