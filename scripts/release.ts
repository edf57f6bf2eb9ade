// Prevents releases that differ from what was meant: a version that nobody raised, a dependent whose range excludes the
// new version, an archive without its files, or packages that are published before those that they need.
//
//   node scripts/release.ts [prepare | publish] [--dry-run] [--root DIR]
//
// prepare reads changes/*.md and writes versions, ranges and changelogs; publish checks the archives and publishes what
// the registry does not have. Without a word, both. --dry-run tells, and changes nothing.
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { readNotes } from "./release/notes.ts";
import { checkPackages } from "./release/pack.ts";
import { type PlannedPackage, planRelease } from "./release/plan.ts";
import { publish, whyNotPublish } from "./release/publish.ts";
import { readManifest, readWorkspace } from "./release/workspace.ts";
import { writePlan } from "./release/write.ts";

const { values, positionals } = parseArgs({
  options: { "dry-run": { type: "boolean", default: false }, root: { type: "string" } },
  allowPositionals: true,
});
const root = values.root ?? fileURLToPath(new URL("..", import.meta.url));
const isDry = values["dry-run"];
const [step = "all", ...rest] = positionals;
if (!["prepare", "publish", "all"].includes(step) || rest.length > 0) {
  fail(`"${positionals.join(" ")}" is no step of a release. Steps are prepare and publish.`);
}

try {
  if (step !== "publish") prepare();
  if (step !== "prepare") release();
} catch (error) {
  fail(error instanceof Error ? error.message : String(error));
}

function prepare(): void {
  const packages = readWorkspace(root);
  const notes = readNotes(root, packages);
  const plan = planRelease(packages, notes);
  console.log(plan.length === 0 ? "No change notes: every version stays." : "Versions and ranges:");
  for (const one of plan) for (const line of describe(one)) console.log(`  ${line}`);
  if (!isDry && plan.length > 0) writePlan(root, plan, notes);
}

function release(): void {
  const packages = readWorkspace(root).filter(({ manifest }) => manifest.private !== true);
  // A clean clone has no outputs.
  if (readManifest(join(root, "package.json")).scripts?.build !== undefined) {
    execFileSync("npm", ["run", "--silent", "build"], { cwd: root, stdio: ["ignore", "ignore", "inherit"] });
  }
  console.log("Archives:");
  const problems = checkPackages(root, packages);
  if (problems.length > 0) throw new Error(problems.join("\n"));
  const refused = isDry ? undefined : whyNotPublish(packages);
  if (refused !== undefined) throw new Error(refused);
  console.log(isDry ? "Would be published, in this order, unless the registry has them:" : "Publishing:");
  publish(root, packages, isDry);
}

function describe({ package: { manifest }, version, ranges, texts }: PlannedPackage): string[] {
  const head = version === undefined ? manifest.name : `${manifest.name} ${manifest.version} -> ${version}`;
  const reasons = [
    ...texts.map((text) => text.split("\n")[0]),
    ...ranges.map(({ name, from, to }) => `${name} ${from} -> ${to}`),
  ];
  return [head, ...reasons.map((reason) => `  ${reason}`)];
}

function fail(message: string): never {
  console.error(message);
  process.exit(1);
}
