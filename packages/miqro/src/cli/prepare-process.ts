import * as nodeModule from "node:module";

/** Prepares a process for the modules of an app. */
export function prepareProcess(): void {
  guardOutput();
  enableSourceMaps();
}

/**
 * Has stacks name the line that was written, in modules that are loaded from now on. Installed packages are left out,
 * where Node.js can: reading their maps would cost a start more than it tells. A user's own choice stays.
 */
function enableSourceMaps(): void {
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
function guardOutput(): void {
  for (const stream of [process.stdout, process.stderr]) stream.on("error", () => {});
}
