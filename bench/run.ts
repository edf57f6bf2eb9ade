// Prevents claims of speed that nobody can repeat: every figure that the project quotes comes from here, where each
// contestant runs in turn with the others, in one process, on one machine.
//
//   node bench/run.ts [SUITE ...]
//
// Without names, every suite runs. The peers are installed on first use.
import { execFileSync } from "node:child_process";
import { existsSync, globSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { formatResult, type Suite } from "./lib/result.ts";

const folder = fileURLToPath(new URL(".", import.meta.url));
const known = globSync("suites/*.ts", { cwd: folder }).map((path) => basename(path, ".ts"));
const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !known.includes(name));
if (unknown.length > 0) {
  console.error(`There is no suite ${unknown.join(", ")}. The suites are ${known.join(", ")}.`);
  process.exit(1);
}
installPeers();

let missed = 0;
for (const name of asked.length > 0 ? asked : known) {
  const { default: suite } = (await import(`./suites/${name}.ts`)) as { default: Suite };
  for await (const result of suite()) {
    console.log(formatResult(result));
    missed += (result.targets ?? []).filter((target) => !target.isMet).length;
  }
}
console.log(missed === 0 ? "Every target is met." : `${missed} targets are missed.`);
process.exitCode = missed === 0 ? 0 : 1;

function installPeers(): void {
  const made = join(folder, "node_modules", ".package-lock.json");
  const from = join(folder, "package-lock.json");
  if (existsSync(made) && statSync(made).mtimeMs >= statSync(from).mtimeMs) return;
  console.log("Installing the peers (once) ...");
  execFileSync("npm", ["ci", "--no-audit", "--no-fund"], {
    cwd: folder,
    stdio: ["ignore", "ignore", "inherit"],
  });
}
