import { readFileSync } from "node:fs";
import { relative, sep } from "node:path";
import { fileURLToPath } from "node:url";

const marked = new WeakSet<Error>();

/**
 * Adds the lines of code around an error to its stack, before the first call. The log, and answers in development, then
 * show them.
 */
export function addCodeFrame(error: unknown): void {
  if (!(error instanceof Error) || typeof error.stack !== "string" || marked.has(error)) return;
  marked.add(error);
  const at = error.stack.search(/\n\s+at /);
  const frame = at < 0 ? undefined : codeFrame(error.stack.slice(at));
  if (frame === undefined) return;
  try {
    error.stack = `${error.stack.slice(0, at)}\n${frame}${error.stack.slice(at)}`;
  } catch {
    // The error is frozen.
  }
}

/** The lines around the first position of the project in a stack; undefined if these lines cannot be read. */
export function codeFrame(stack: string): string | undefined {
  for (const [, url, line, column] of stack.matchAll(/((?:file:\/\/|(?<=[( ])\/)[^()\n]+?):(\d+):(\d+)/g)) {
    const path = url?.startsWith("file:") ? fileURLToPath(url) : (url ?? "");
    if (path.includes(`${sep}node_modules${sep}`)) continue;
    const frame = frameAt(path, Number(line), Number(column));
    if (frame !== undefined) return frame;
  }
  return undefined;
}

/** The lines around a position in a file; undefined if the file cannot be read, or does not have this line. */
export function frameAt(path: string, wanted: number, column?: number): string | undefined {
  let lines: string[];
  try {
    lines = readFileSync(path, "utf8").split(/\r?\n/);
  } catch {
    return undefined;
  }
  if (wanted > lines.length) return undefined;
  const width = String(wanted + 2).length;
  const place = `${relative(process.cwd(), path)}:${wanted}`;
  const shown: string[] = [`    ${column === undefined ? place : `${place}:${column}`}`];
  for (let number = Math.max(1, wanted - 2); number <= Math.min(lines.length, wanted + 2); number++) {
    const mark = number === wanted ? ">" : " ";
    // A minified file has one line, which nobody reads.
    const text = (lines[number - 1] ?? "").slice(0, 160);
    shown.push(`    ${mark} ${String(number).padStart(width)} | ${text}`.trimEnd());
    if (number === wanted && column !== undefined && column < 160) {
      shown.push(`      ${" ".repeat(width)} | ${" ".repeat(column - 1)}^`);
    }
  }
  return shown.join("\n");
}
