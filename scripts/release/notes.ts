import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { WorkspacePackage } from "./workspace.ts";

/** How a version rises, from the least to the most. */
export const levels = ["patch", "minor", "major"] as const;
export type Level = (typeof levels)[number];

/** A file in `changes/`. */
export interface ChangeNote {
  readonly file: string;
  /** By the names of packages. */
  readonly levels: ReadonlyMap<string, Level>;
  readonly text: string;
}

/**
 * Reads every change note.
 * @throws {Error} with all that is wrong with them, a line each
 */
export function readNotes(root: string, packages: readonly WorkspacePackage[]): ChangeNote[] {
  const problems: string[] = [];
  const notes: ChangeNote[] = [];
  for (const file of globSync("changes/*.md", { cwd: root }).sort()) {
    if (file.endsWith("README.md")) continue;
    const [, head, text = ""] =
      /^---\r?\n([\s\S]*?)\r?\n---\r?\n([\s\S]*)$/.exec(readFileSync(join(root, file), "utf8")) ?? [];
    if (head === undefined) {
      problems.push(
        `${file}: it must begin with the packages between two lines ---, such as "parser: minor".`,
      );
      continue;
    }
    const found = new Map<string, Level>();
    for (const line of head.split(/\r?\n/).filter((one) => one.trim() !== "")) {
      const [, name = "", level = ""] = /^\s*"?([^":]+?)"?\s*:\s*(\S+)\s*$/.exec(line) ?? [];
      const target = packages.find(({ short, manifest }) => short === name || manifest.name === name);
      if (target === undefined || target.manifest.private === true) {
        const known = packages.filter(({ manifest }) => manifest.private !== true).map(({ short }) => short);
        problems.push(`${file}: "${line.trim()}" names no package. Packages are: ${known.join(", ")}.`);
      } else if (!(levels as readonly string[]).includes(level)) {
        problems.push(`${file}: "${level}" of ${name} must be patch, minor or major.`);
      } else found.set(target.manifest.name, level as Level);
    }
    if (text.trim() === "") problems.push(`${file}: it says nothing about the change.`);
    notes.push({ file, levels: found, text: text.trim() });
  }
  if (problems.length > 0) throw new Error(problems.join("\n"));
  return notes;
}
