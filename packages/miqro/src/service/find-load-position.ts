import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { findSyntaxError } from "./find-syntax-error.js";
import {
  type Position,
  readFramePosition,
  readHeadPosition,
  readPackagePosition,
  toPath,
} from "./read-position.js";
import type { ServiceFile } from "./scan-service.js";

/** Finds the line of the project at which the import of a file failed. */
export function findLoadPosition(error: Error, file: ServiceFile): Position | undefined {
  const stack = error.stack?.replaceAll(/\?version=\d+/g, "") ?? "";
  return (
    readHeadPosition(stack) ??
    importPosition(error, file) ??
    readFramePosition(stack) ??
    (error instanceof SyntaxError ? findSyntaxError(file.file) : undefined) ??
    readPackagePosition(stack)
  );
}

/** The import of a module that is missing. The exception of Node.js names the two modules, but not the line. */
function importPosition({ code, message }: NodeJS.ErrnoException, file: ServiceFile): Position | undefined {
  if (code !== "ERR_MODULE_NOT_FOUND") return undefined;
  const [, asked = "", by] =
    /^Cannot find (?:package|module) '([^']+)' imported from (.*)$/m.exec(message) ?? [];
  if (by === undefined) return undefined;
  const importer = toPath(by);
  const source = importer === file.file ? file.source : importer;
  if (source.includes("/node_modules/")) return undefined;
  let lines: string[];
  try {
    lines = readFileSync(source, "utf8").split(/\r?\n/);
  } catch {
    return undefined;
  }
  for (const [index, text] of lines.entries()) {
    for (const { 1: specifier = "", index: at } of text.matchAll(
      /(?<=(?:\bfrom|\bimport)\s*\(?\s*)["']([^"']+)["']/g,
    )) {
      const isAsked = specifier.startsWith(".")
        ? join(dirname(importer), specifier) === asked
        : specifier === asked || specifier.startsWith(`${asked}/`);
      if (isAsked) return { file: source, line: index + 1, column: at + 1 };
    }
  }
  return undefined;
}
