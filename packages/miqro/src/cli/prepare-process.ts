import { existsSync, readdirSync, rmSync } from "node:fs";
import * as nodeModule from "node:module";

/**
 * Makes stacks name the lines of the sources, for modules that are loaded from now on: those of the app, since the
 * modules of miqro are already loaded. Installed packages are left out if Node.js supports it, because reading their
 * source maps would make the start slower. If the user has chosen otherwise, that choice stays.
 */
export function enableSourceMaps(): void {
  const given = [...process.execArgv, process.env.NODE_OPTIONS ?? ""];
  if (given.some((text) => text.includes("enable-source-maps"))) return;
  if (typeof nodeModule.setSourceMapsSupport === "function") {
    nodeModule.setSourceMapsSupport(true, { nodeModules: false, generatedCode: false });
  } else process.setSourceMapsEnabled(true);
}

/**
 * Keeps the process running when the reader of its output ends, as after `miqro | head` or when a log collector
 * restarts. Lines of the log are then lost, but requests are answered.
 */
export function guardOutput(): void {
  for (const stream of [process.stdout, process.stderr]) stream.on("error", () => {});
}

const codeFolder = "node_modules/.cache/miqro-code";
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
    if (existsSync(codeFolder) && readdirSync(codeFolder, { recursive: true }).length > mostFiles) {
      rmSync(codeFolder, { recursive: true, force: true });
    }
    // Node.js has it since 22.1.
    nodeModule.enableCompileCache?.(codeFolder);
  } catch {
    // A start does not depend on it.
  }
}
