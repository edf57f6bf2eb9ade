import { existsSync, readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { fileReasonOf, MiqroError } from "../errors.js";
import { loadOnUse } from "../load-on-use.js";
import type { Setting } from "./setting.js";
import { faultOf } from "./settle.js";
import { type SettingValues, settings } from "./table.js";

/** Loaded when a service is not a folder. */
const loadLocateService = loadOnUse<typeof import("../service/locate-service.js")>(
  import.meta.url,
  "../service/locate-service.js",
);
/** Loaded when a setting is wrong. */
const loadSettingFaults = loadOnUse<typeof import("./setting-faults.js")>(
  import.meta.url,
  "./setting-faults.js",
);

/** The keys that `miqro.json` may have: the settings whose rows allow it. */
export type MiqroJSON = Readonly<Partial<SettingValues>>;

/** The rows of these settings. The key is the name of the setting. */
const rows = new Map(Object.entries<Setting>(settings).filter(([, { json }]) => json !== undefined));

/**
 * Reads a `miqro.json`. The paths in it are relative to it.
 * @throws {MiqroError} `MIQRO_CONFIG` with the file and all its errors, one on each line
 */
export function readMiqroJSON(path: string): MiqroJSON {
  return checkMiqroJSON(parse(path), path, dirname(resolve(path)));
}

/**
 * Checks the content of a `miqro.json`.
 * @param path - the name of the file in messages
 * @param base - the folder to which its paths are relative
 */
export function checkMiqroJSON(
  { $schema, ...json }: Readonly<Record<string, unknown>>,
  path: string,
  base: string,
): MiqroJSON {
  const faults: string[] = [];
  if ($schema !== undefined && typeof $schema !== "string") {
    faults.push(loadSettingFaults().wrongKind('"$schema"', $schema, ["string"]));
  }
  for (const [key, value] of Object.entries(json)) {
    const setting = rows.get(key);
    const fault = setting === undefined ? undefined : faultOf(value, setting, `"${key}"`);
    if (fault !== undefined) faults.push(fault);
    else if (setting === undefined) {
      faults.push(loadSettingFaults().unknownKey(key, [...rows.keys()], Object.keys(json)));
    }
  }
  if (faults.length > 0) {
    throw new MiqroError("MIQRO_CONFIG", faults.map((fault) => `${path}: ${fault}`).join("\n"));
  }
  const fromHere = (value: string) => resolve(base, value);
  const values = Object.entries(json).map(([key, value]) => [
    key,
    rows.get(key)?.isPath === true && typeof value === "string" ? fromHere(value) : value,
  ]);
  const { services, ...others } = Object.fromEntries(values) as MiqroJSON;
  // These values can also be names of packages.
  const toService = (service: string) =>
    existsSync(fromHere(service)) ? fromHere(service) : loadLocateService().locateService(service, base);
  return services === undefined ? others : { ...others, services: services.map(toService) };
}

function parse(path: string): Record<string, unknown> {
  let text: string;
  try {
    text = readFileSync(path, "utf8").replace(/^\uFEFF/, "");
  } catch (error) {
    throw new MiqroError("MIQRO_CONFIG", `${path} cannot be read: ${fileReasonOf(error)}.`);
  }
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    const remedy = isJSONWithComments(text)
      ? " JSON has no comments, and no comma after a last value. Remove them."
      : "";
    throw new MiqroError("MIQRO_CONFIG", `${path} is not JSON: ${(error as Error).message}.${remedy}`);
  }
  if (typeof json !== "object" || json === null || Array.isArray(json)) {
    throw new MiqroError("MIQRO_CONFIG", `${path} must hold an object, such as { "services": ["app/"] }.`);
  }
  return json as Record<string, unknown>;
}

function isJSONWithComments(text: string): boolean {
  const strings = /("(?:[^"\\]|\\.)*")|\/\/[^\n]*|\/\*[\s\S]*?\*\//g;
  const bare = text.replace(strings, (_all, quoted?: string) => quoted ?? "").replace(/,(\s*[}\]])/g, "$1");
  try {
    JSON.parse(bare);
    return true;
  } catch {
    return false;
  }
}
