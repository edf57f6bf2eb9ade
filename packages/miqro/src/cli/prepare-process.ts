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
