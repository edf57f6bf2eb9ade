import { existsSync, realpathSync } from "node:fs";
import { basename, dirname, join, sep } from "node:path";
import { findUpwards } from "../build/find-upwards.js";
import { createOutputFinder } from "../build/output-finder.js";
import { conventions } from "../conventions/table.js";
import { findEntry } from "../http-files/kind.js";
import { httpFiles } from "../http-files/table.js";
import type { ScannedService } from "../service/scan-service.js";

/**
 * Returns the reason why a file must not be sent to browsers. Paths must have resolved links. It finds the files of the
 * services that run. It also finds files of other services by their names and places, and outputs whose source was
 * deleted.
 */
export function createPrivateCheck(
  services: readonly ScannedService[],
): (file: string) => string | undefined {
  const reasons = new Map<string, string>();
  // The path of a project may well contain a link, such as a link to its latest release.
  const add = (paths: readonly string[], reason: string) => {
    for (const path of paths) reasons.set(realpathSync(path), reason);
  };
  for (const { configs, http, migrations } of services) {
    for (const { file, source } of configs.values()) add([file, source], `it is ${source}, a config file`);
    for (const { file, source } of migrations) add([file, source], `it is ${source}, a migration`);
    for (const { file, source, kind } of http) {
      const runs = httpFiles.find((entry) => entry.kind === kind)?.runs;
      if (runs !== "browser") add([file, source], `it is ${source}, which runs on the server`);
    }
  }
  const outputs = createOutputFinder();
  // Packages of the same workspace may write any files into their output folders.
  const projects = new Set(services.map(({ folder }) => packageOf(realpathSync(folder))));
  const isOrphan = (file: string) => projects.has(packageOf(dirname(file))) && outputs.isOrphan(file);
  return (file) => {
    const known = reasons.get(file);
    if (known !== undefined || file.includes(`${sep}node_modules${sep}`)) return known;
    return (
      reasonByName(file) ??
      (isOrphan(file) ? "it is the output of tsc for a source that was deleted" : undefined)
    );
  };
}

function packageOf(folder: string): string | undefined {
  return findUpwards(folder, "package.json");
}

function reasonByName(file: string): string | undefined {
  const folder = dirname(file);
  const name = basename(file);
  if (findEntry(name)?.entry.runs === "server") return "its name is that of a file that runs on the server";
  if (basename(folder) === "migration") return "it is a migration";
  const stem = name.replace(/\.[mc]?js$/, "");
  const isConfig =
    conventions.some((convention) => convention.name === stem) && existsSync(join(folder, "http"));
  return isConfig ? "it is the config file of a service" : undefined;
}
