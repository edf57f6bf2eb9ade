import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { MiqroError } from "../errors.js";
import { checkMiqroJSON } from "../settings/miqro-json.js";
import { readSettings } from "../settings/read-settings.js";
import type { MiqroOptions } from "./miqro-options.js";

/** Reads the options of a `miqro.json`, or of an object with its keys, and of the environment. */
export function readOptions(json: string | URL | Readonly<Record<string, unknown>>): MiqroOptions {
  const args = { command: "serve", noBuild: true } as const;
  const { options, variables } =
    typeof json === "string" || json instanceof URL
      ? readSettings({ ...args, config: toPath(json) }, process.env)
      : readSettings({ ...args, disableMiqroJSON: true }, process.env, checkObject(json));
  Object.assign(process.env, variables);
  return options;
}

function toPath(json: string | URL): string {
  const path = json instanceof URL ? fileURLToPath(json) : json;
  if (existsSync(path)) return path;
  throw new MiqroError(
    "MIQRO_ARGUMENT",
    `Miqro.import() takes the path of a miqro.json, but there is no ${path}. Name a file that is there.`,
  );
}

function checkObject(json: unknown): ReturnType<typeof checkMiqroJSON> {
  if (typeof json === "object" && json !== null && !Array.isArray(json)) {
    return checkMiqroJSON(json as Readonly<Record<string, unknown>>, "Miqro.import()", process.cwd());
  }
  throw new MiqroError(
    "MIQRO_ARGUMENT",
    `Miqro.import() takes the path of a miqro.json, or an object such as { services: ["app/"] }, not ${json === null ? "null" : typeof json}.`,
  );
}
