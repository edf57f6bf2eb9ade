// Prevents the first `npm install` from fetching what only tests need: the browser, PostgreSQL and the compiled
// sqlite3 come with the first test run, into a private package of their own.
import { execFileSync } from "node:child_process";
import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const parts = fileURLToPath(new URL("../test/parts/", import.meta.url));
const runtimes = fileURLToPath(new URL("../test/runtimes/", import.meta.url));

/**
 * Installs what is not there yet.
 * @returns why a part is missing, or undefined when all are there
 */
export function installParts(): string | undefined {
  try {
    for (const cwd of [parts, runtimes]) {
      if (!isOutdated(join(cwd, "node_modules", ".package-lock.json"), join(cwd, "package-lock.json")))
        continue;
      console.log("Installing the parts that only tests need (once) ...");
      const args = ["ci", "--no-audit", "--no-fund"];
      execFileSync("npm", args, { cwd, stdio: ["ignore", "ignore", "inherit"] });
    }
    const browser = process.env.CHROMIUM_PATH ?? join(parts, "chromium", "chromium");
    if (!existsSync(browser)) execFileSync(process.execPath, [join(parts, "unpack-chromium.js")]);
    return undefined;
  } catch (error) {
    return `What only tests need could not be installed: ${error instanceof Error ? error.message : String(error)}`;
  }
}

function isOutdated(made: string, from: string): boolean {
  return !existsSync(made) || statSync(made).mtimeMs < statSync(from).mtimeMs;
}
