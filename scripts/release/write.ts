import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { ChangeNote } from "./notes.ts";
import type { PlannedPackage } from "./plan.ts";

/** Writes versions, ranges, changelogs and the lock file, and deletes the change notes. */
export function writePlan(root: string, plan: readonly PlannedPackage[], notes: readonly ChangeNote[]): void {
  for (const one of plan) {
    const { folder } = one.package;
    const path = join(root, folder, "package.json");
    const json = JSON.parse(readFileSync(path, "utf8")) as Record<string, unknown>;
    if (one.version !== undefined) json.version = one.version;
    for (const { kind, name, to } of one.ranges) (json[kind] as Record<string, string>)[name] = to;
    writeFileSync(path, `${JSON.stringify(json, null, 2)}\n`);
    if (one.version === undefined) continue;
    const changelog = join(root, folder, "CHANGELOG.md");
    const before = existsSync(changelog) ? readFileSync(changelog, "utf8") : "# Changelog\n";
    writeFileSync(changelog, addSection(before, one));
  }
  for (const { file } of notes) rmSync(join(root, file));
  const flags = ["install", "--package-lock-only", "--prefer-offline", "--no-audit", "--no-fund"];
  if (existsSync(join(root, "package-lock.json"))) execFileSync("npm", flags, { cwd: root, stdio: "ignore" });
}

/** Puts the section of a version at the top of a changelog, below its title. */
export function addSection(changelog: string, { version, texts, ranges }: PlannedPackage): string {
  const needs = ranges
    .filter(({ kind }) => kind !== "devDependencies")
    .map(({ name, to }) => `It needs \`${name}\` ${to}.`);
  const items = [...texts, ...needs].map(toItem).join("\n");
  const section = `## ${version}\n\n${items}\n`;
  const title = /^# .*\n+/.exec(changelog)?.[0] ?? "# Changelog\n\n";
  const rest = changelog.startsWith(title) ? changelog.slice(title.length) : changelog;
  return `${title.trimEnd()}\n\n${section}${rest === "" ? "" : `\n${rest}`}`;
}

/** A note as an item of a list; one that is a list already stays one. */
function toItem(text: string): string {
  if (/^[-*] /.test(text)) return text;
  return `- ${text.replaceAll("\n", "\n  ").replaceAll(/\n\s+\n/g, "\n\n")}`;
}
