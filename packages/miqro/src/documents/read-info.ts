import { readFileSync } from "node:fs";
import { findUpwards } from "../build/find-upwards.js";
import type { DocConfig } from "../conventions/doc.js";
import { configsOf, type LoadedService } from "../service/load-service.js";
import type { DocumentInfo } from "./model.js";

/**
 * The title and other general facts of the documents: from the first `doc.ts` that has them, or else from the package
 * of the services.
 */
export function readInfo(services: readonly LoadedService[]): DocumentInfo {
  const configs = services.flatMap((service) => configsOf<DocConfig>(service, "doc"));
  const { name, version } = readPackage(services[0]?.scanned.folder ?? ".");
  const description = configs.find((config) => config.description !== undefined)?.description;
  return {
    title: configs.find((config) => config.title !== undefined)?.title ?? name ?? "API",
    version: configs.find((config) => config.version !== undefined)?.version ?? version ?? "0.0.0",
    ...(description === undefined ? {} : { description }),
    servers: configs.find((config) => config.servers !== undefined)?.servers ?? [],
  };
}

function readPackage(folder: string): { readonly name?: string; readonly version?: string } {
  const path = findUpwards(folder, "package.json");
  if (path === undefined) return {};
  try {
    const { name, version } = Object(JSON.parse(readFileSync(path, "utf8"))) as Record<string, unknown>;
    return {
      ...(typeof name === "string" && name !== "" ? { name } : {}),
      ...(typeof version === "string" && version !== "" ? { version } : {}),
    };
  } catch {
    // The code that needs the file reports errors in it.
    return {};
  }
}
