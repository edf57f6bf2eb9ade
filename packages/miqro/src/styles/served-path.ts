import { relative, sep } from "node:path";
import { isServedFile } from "../http-files/kind.js";
import type { ScannedService } from "../service/scan-service.js";

/** The path at which one of the services serves a plain file; undefined if none serves it. */
export function servedPathOf(file: string, services: readonly ScannedService[]): string | undefined {
  for (const { httpFolder, staticFolder } of services) {
    for (const folder of [httpFolder, staticFolder]) {
      if (folder === undefined || !file.startsWith(folder + sep)) continue;
      const path = relative(folder, file).split(sep).join("/");
      if (folder === staticFolder || isServedFile(path)) return `/${path}`;
    }
  }
  return undefined;
}
