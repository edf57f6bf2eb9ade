import { existsSync } from "node:fs";
import { basename, dirname, join, relative, sep } from "node:path";
import { parseTsconfig } from "get-tsconfig";
import { findUpwards } from "./find-upwards.js";
import type { Output } from "./output-finder.js";

/** Finds the path at which `tsc` wrote an output that was expected elsewhere; undefined if it cannot be found. */
export function findElsewhere({ file, outDir, tsconfig }: Output): string | undefined {
  if (outDir === undefined || tsconfig === undefined) return undefined;
  const parts = relative(outDir, file).split(sep);
  // Without rootDir, tsc takes the common folder of all sources, as TypeScript 5 does. The output path then lacks
  // folders.
  for (let cut = 1; cut < parts.length; cut++) {
    const other = join(outDir, ...parts.slice(cut));
    if (existsSync(other)) return other;
  }
  // With a rootDir above the folder, or with sources outside of it, the output path has additional folders.
  const config = dirname(tsconfig);
  for (
    let above = config, added = "";
    dirname(above) !== above && added.split(sep).length < 4;
    above = dirname(above)
  ) {
    added = join(basename(above), added);
    const other = join(outDir, added, ...parts);
    if (existsSync(other)) return other;
  }
  return undefined;
}

/** The reason why an output is missing, and the remedy, if they can be found. */
export function whyNotWritten(output: Output): string {
  const { file, tsconfig, source } = output;
  const missing = `it is not compiled: there is no ${file}.`;
  if (tsconfig === undefined) return `${missing} Run "npx tsc".`;
  const elsewhere = findElsewhere(output);
  const options = readOptions(tsconfig);
  if (elsewhere !== undefined) {
    return options.rootDir === undefined
      ? `${missing} tsc wrote ${elsewhere}, because ${tsconfig} has no "rootDir". Set "rootDir": "." and run tsc again.`
      : `${missing} There is ${elsewhere}, which another "rootDir" or "outDir" may have left. Run "npx tsc".`;
  }
  if (findUpwards(dirname(source), join("node_modules", "typescript", "package.json")) === undefined) {
    return `${missing} TypeScript is not installed: run "npm install --save-dev typescript", then "npx tsc".`;
  }
  const buildInfo = buildInfoOf(tsconfig, options);
  if (buildInfo !== undefined && existsSync(buildInfo)) {
    return `${missing} Run "npx tsc". If that writes nothing, delete ${buildInfo}, in which tsc has recorded that all files are written.`;
  }
  if (options.noEmitOnError === true) {
    return `${missing} Run "npx tsc" and correct the errors that it reports: ${tsconfig} has "noEmitOnError", so tsc writes nothing before that.`;
  }
  return `${missing} Run "npx tsc".`;
}

type Options = NonNullable<ReturnType<typeof parseTsconfig>["compilerOptions"]>;

function readOptions(tsconfig: string): Options {
  try {
    return parseTsconfig(tsconfig).compilerOptions ?? {};
  } catch {
    return {};
  }
}

function buildInfoOf(tsconfig: string, options: Options): string | undefined {
  if (options.incremental !== true && options.composite !== true) return undefined;
  const folder = dirname(tsconfig);
  if (options.tsBuildInfoFile !== undefined) return join(folder, options.tsBuildInfoFile);
  const name = `${basename(tsconfig, ".json")}.tsbuildinfo`;
  return join(folder, options.outDir ?? "", name);
}
