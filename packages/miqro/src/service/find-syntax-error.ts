import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { type Position, readHeadPosition } from "./read-position.js";

// Each check starts a process. If there are more files than this, a syntax error is reported without its position.
const most = 30;

/**
 * Finds a module with a syntax error: the given module, or one that it imports by a relative path. The exception of
 * Node.js does not name it, so Node.js checks file by file.
 */
export function findSyntaxError(file: string): Position | undefined {
  const files = new Set([file]);
  for (const one of files) {
    if (files.size > most) return undefined;
    const { status, stderr } = spawnSync(process.execPath, ["--check", one], { encoding: "utf8" });
    if (status !== 0) return readHeadPosition(stderr ?? "");
    for (const path of relativeImports(one)) files.add(path);
  }
  return undefined;
}

function relativeImports(file: string): string[] {
  const text = readFileSync(file, "utf8");
  const specifiers = [...text.matchAll(/\b(?:from|import)\s*\(?\s*["'](\.{1,2}\/[^"'?#]+)["']/g)].map(
    ([, specifier]) => specifier ?? "",
  );
  return specifiers.map((specifier) => join(dirname(file), specifier)).filter((path) => existsSync(path));
}
