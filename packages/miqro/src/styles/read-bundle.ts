import { dirname, resolve } from "node:path";
import { fileReasonOf } from "../errors.js";
import { readText } from "../service/read-text.js";

/** A style sheet that a bundle lists. */
export interface StyleSheet {
  /** Its path. */
  readonly file: string;
  /** The line of the bundle with this path, counted from 1. */
  readonly line: number;
  /** The path as it is written in the bundle. */
  readonly path: string;
  readonly text: string;
}

/** The paths in a bundle, and its problems in full sentences. */
export interface StyleBundle {
  readonly sheets: readonly StyleSheet[];
  readonly faults: readonly string[];
}

/**
 * Reads a bundle: a path on each line, relative to its folder. Empty lines, and lines that begin with `#`, are ignored.
 * @throws {MiqroError} if the bundle itself is not a text file
 */
export async function readBundle(bundle: string): Promise<StyleBundle> {
  const sheets: StyleSheet[] = [];
  const faults: string[] = [];
  for (const [index, whole] of (await readText(bundle)).split(/\r\n|\r|\n/).entries()) {
    const path = whole.trim();
    const line = index + 1;
    if (path === "" || path.startsWith("#")) continue;
    const file = resolve(dirname(bundle), path);
    const fault = findFault(path, file, sheets) ?? (await addSheet({ file, line, path }, sheets));
    if (fault !== undefined) faults.push(`line ${line}: ${fault}`);
  }
  if (sheets.length === 0 && faults.length === 0) {
    faults.push("it lists no file. Write the path of a style sheet on each line, relative to this file.");
  }
  return { sheets, faults };
}

function findFault(path: string, file: string, before: readonly StyleSheet[]): string | undefined {
  if (/^(?:[a-z][a-z\d+.-]*:|\/)/i.test(path)) {
    return `"${path}" must be the path of a style sheet, relative to this file.`;
  }
  if (!/\.css$/i.test(path)) return `"${path}" must end with ".css".`;
  const other = before.find((sheet) => sheet.file === file);
  return other && `"${path}" is already listed in line ${other.line}. Keep one of them.`;
}

async function addSheet(sheet: Omit<StyleSheet, "text">, sheets: StyleSheet[]): Promise<string | undefined> {
  try {
    sheets.push({ ...sheet, text: await readText(sheet.file) });
    return undefined;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return `there is no ${sheet.file}.`;
    return `"${sheet.path}" cannot be read: ${fileReasonOf(error)}`;
  }
}
