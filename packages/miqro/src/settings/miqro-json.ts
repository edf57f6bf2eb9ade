import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { MiqroError } from "../errors.js";
import { checkFields, type Fields } from "../options/check-fields.js";
import type { Setting } from "./setting.js";
import { laterSettings, type SettingValues, settings } from "./table.js";

/** What `miqro.json` may hold: the settings whose rows say so. */
export type MiqroJson = Readonly<Partial<SettingValues>>;

const fields: Fields = {
  $schema: "string?",
  ...Object.fromEntries(
    Object.entries<Setting>(settings).flatMap(([name, { json }]) =>
      json === undefined ? [] : [[name, json]],
    ),
  ),
};

const laterKeys: ReadonlySet<unknown> = new Set(laterSettings.map(({ key }) => key));

/**
 * Reads a `miqro.json`; the services in it are relative to it.
 * @throws {MiqroError} `ERR_CONFIG` naming the file, the key and what it should be; `ERR_NOT_AVAILABLE` for a
 * key that this version does not have yet
 */
export function readMiqroJson(path: string): MiqroJson {
  const json = parse(path);
  for (const key of Object.keys(json)) {
    if (laterKeys.has(key)) {
      throw new MiqroError(
        "ERR_NOT_AVAILABLE",
        `${path}: "${key}" is not available yet in this version. Remove it.`,
      );
    }
  }
  const [message] = checkFields(json, fields, "the file");
  if (message !== undefined) throw new MiqroError("ERR_CONFIG", `${path}: ${message}`);
  const { $schema: _, ...checked } = json as MiqroJson & { $schema?: string };
  if (checked.services === undefined) return checked;
  return { ...checked, services: checked.services.map((service) => resolve(dirname(path), service)) };
}

function parse(path: string): Record<string, unknown> {
  let text: string;
  try {
    text = readFileSync(path, "utf8").replace(/^\uFEFF/, "");
  } catch (error) {
    throw new MiqroError("ERR_CONFIG", `${path} cannot be read: ${(error as NodeJS.ErrnoException).code}.`);
  }
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new MiqroError("ERR_CONFIG", `${path} is not JSON: ${(error as Error).message}.`);
  }
  if (typeof json !== "object" || json === null || Array.isArray(json)) {
    throw new MiqroError("ERR_CONFIG", `${path} must hold an object, such as { "services": ["app/"] }.`);
  }
  return json as Record<string, unknown>;
}
