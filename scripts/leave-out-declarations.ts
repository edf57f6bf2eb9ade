// Keeps packages small: a package is published without the declarations that no entry leads to, because no user can
// import them. This writes their names to `dist/.npmignore` of each package. `tsc` must have run.
import { existsSync, globSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, sep } from "node:path";

const root = join(import.meta.dirname, "..");

for (const folder of globSync("packages/*", { cwd: root })) {
  const dist = join(root, folder, "dist");
  const manifest: unknown = JSON.parse(readFileSync(join(root, folder, "package.json"), "utf8"));
  const reached = new Set<string>();
  for (const entry of declarationsIn(manifest)) follow(join(root, folder, entry), reached);
  const left = globSync("**/*.d.ts", { cwd: dist }).filter((file) => !reached.has(join(dist, file)));
  const lines = left.sort().map((file) => `/${file.split(sep).join("/")}\n`);
  writeFileSync(join(dist, ".npmignore"), lines.join(""));
}

/** The declarations that a part of a package.json names. */
function declarationsIn(value: unknown): string[] {
  if (typeof value === "string") return value.endsWith(".d.ts") ? [value] : [];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(declarationsIn) : [];
}

/** Adds a declaration and all that it imports. */
function follow(file: string, reached: Set<string>): void {
  if (reached.has(file) || !existsSync(file)) return;
  reached.add(file);
  for (const [, path = ""] of readFileSync(file, "utf8").matchAll(
    /(?:\bfrom|\bimport|\bimport\()\s*"(\.[^"]+)"/g,
  )) {
    follow(join(dirname(file), path.replace(/\.js$/, ".d.ts")), reached);
  }
}
