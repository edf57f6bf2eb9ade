import * as nodeModule from "node:module";

/**
 * Has stacks name the line that was written, in modules that are loaded from now on: those of the app, since those
 * of miqro are there. Installed packages are left out, where Node.js can: reading their maps would cost a start more
 * than it tells. A user's own choice stays.
 */
export function enableSourceMaps(): void {
  const given = [...process.execArgv, process.env.NODE_OPTIONS ?? ""];
  if (given.some((text) => text.includes("enable-source-maps"))) return;
  if (typeof nodeModule.setSourceMapsSupport === "function") {
    nodeModule.setSourceMapsSupport(true, { nodeModules: false, generatedCode: false });
  } else process.setSourceMapsEnabled(true);
}

/**
 * Has the process outlive the reader of its output: after `miqro | head`, or a log collector that is started again,
 * lines are lost, but requests are answered.
 */
export function guardOutput(): void {
  for (const stream of [process.stdout, process.stderr]) stream.on("error", () => {});
}
