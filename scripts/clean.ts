// Prevents a build from passing on what an earlier one left behind: tsc -b never deletes an output whose
// source is gone, and a missing reference goes unnoticed while an old dist exists.
import { globSync, rmSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
for (const pattern of ["{packages,examples}/*/dist*", "test/dist*", "scripts/dist"]) {
  for (const path of globSync(pattern, { cwd: root })) rmSync(`${root}/${path}`, { recursive: true });
}
