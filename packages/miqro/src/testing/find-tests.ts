import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { isTypeScript } from "../build/output-finder.js";

const testName = /\.test\.(?:tsx?|jsx?|mts|mjs)$/;

/** The test files in all folders of a service, sorted by name. */
export async function findTests(folder: string): Promise<string[]> {
  const found: string[] = [];
  const entries = await readdir(folder, { withFileTypes: true });
  const compiled = new Set(
    entries.filter(({ name }) => isTypeScript(name)).map(({ name }) => name.replace(/\.(m?)tsx?$/, ".$1js")),
  );
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, entry.name);
    const isLeftOut = entry.name.startsWith(".") || entry.name === "node_modules";
    if (entry.isDirectory() && !isLeftOut) found.push(...(await findTests(path)));
    // If x.test.js is beside x.test.ts, the former was compiled from the latter.
    else if (testName.test(entry.name) && !compiled.has(entry.name)) found.push(path);
  }
  return found;
}
