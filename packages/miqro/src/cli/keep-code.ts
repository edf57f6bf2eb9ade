import { existsSync, readdirSync, rmSync } from "node:fs";
import module from "node:module";

const folder = "node_modules/.cache/miqro-code";
/** Each new version of a compiled file adds one, so the folder is emptied at times. */
const mostFiles = 3000;

/**
 * Has Node.js keep what it compiles of each module with the project, so that the next start takes a fifth less time.
 * Where that cannot be written, or is switched off with `NODE_DISABLE_COMPILE_CACHE=1`, each start compiles.
 */
export function keepCode(): void {
  // It would blur the report of a coverage. A folder in node_modules is as trusted as the packages there.
  if (process.env.NODE_V8_COVERAGE !== undefined || !existsSync("node_modules")) return;
  try {
    if (existsSync(folder) && readdirSync(folder, { recursive: true }).length > mostFiles) {
      rmSync(folder, { recursive: true, force: true });
    }
    // Node.js has it since 22.1.
    module.enableCompileCache?.(folder);
  } catch {
    // A start does not depend on it.
  }
}
