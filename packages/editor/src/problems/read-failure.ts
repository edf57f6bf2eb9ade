import { existsSync, statSync } from "node:fs";
import { isAbsolute, join, relative, resolve, sep } from "node:path";
import type { Problem } from "./problem.js";

/**
 * Finds the errors and their positions in the report of an app that does not start: `FILE: MESSAGE (FILE:LINE)`,
 * followed by stacks.
 * @param root - the project folder; the paths in the result are relative to it
 */
export function readFailure(lines: readonly string[], root: string): Problem[] {
  const problems: Problem[] = [];
  // The lines of code around a position follow the message.
  for (const line of lines.flatMap((one) => one.split("\n"))) {
    const last = problems.at(-1);
    if (/^\s/.test(line) && last !== undefined) {
      // The message of a crash has no file, so the first stack line with a file of the project is used.
      if (last.path === undefined) problems[problems.length - 1] = { ...last, ...findPlace(line, root) };
      continue;
    }
    problems.push(readLine(line, root));
  }
  return problems;
}

function readLine(line: string, root: string): Problem {
  const [, file = "", rest = ""] = /^(\S[^:]*?): (.*)$/s.exec(line) ?? [];
  const path = file === "" ? undefined : toProjectPath(file, root);
  const place = findPlace(line, root);
  if (path === undefined) return { from: "app", message: line, ...place };
  // The line number belongs to the file in the parentheses. The file at the start of the line may only be a file that
  // imports it.
  if (place !== undefined && place.path !== path && !isOutputOf(place.path, path)) {
    return { from: "app", message: line, ...place };
  }
  const sameFile = place?.path === path ? place : {};
  return { from: "app", message: rest, path, ...sameFile };
}

/** Whether a position is in the compiled output of a source file. Its line numbers differ from those of the source. */
function isOutputOf(place: string, source: string): boolean {
  const stem = (path: string) => path.replace(/\.[mc]?[jt]sx?$/, "");
  return place !== source && stem(place).endsWith(`/${stem(source).split("/").slice(-2).join("/")}`);
}

interface Place {
  readonly path: string;
  readonly line: number;
  readonly column?: number;
}

/** Finds the first `FILE:LINE:COLUMN` in a string whose file is in the project. */
function findPlace(text: string, root: string): Place | undefined {
  for (const [, file = "", line, column] of text.matchAll(
    /([^\s()'"]+?\.[mc]?[jt]sx?|[^\s()'"]+?\.(?:json|md)):(\d+)(?::(\d+))?/g,
  )) {
    const path = toProjectPath(file.replace(/^file:\/\//, ""), root);
    if (path === undefined) continue;
    return { path, line: Number(line), ...(column === undefined ? {} : { column: Number(column) }) };
  }
  return undefined;
}

function toProjectPath(file: string, root: string): string | undefined {
  const absolute = isAbsolute(file) ? file : resolve(root, file);
  const inside = relative(root, absolute);
  if (inside === "" || inside.startsWith("..") || isAbsolute(inside)) return undefined;
  if (inside.includes(`node_modules${sep}`) || !existsSync(join(root, inside))) return undefined;
  return statSync(join(root, inside)).isFile() ? inside.split(sep).join("/") : undefined;
}
