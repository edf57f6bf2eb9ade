import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { MiqroError, messageOf } from "../errors.js";
import { toPort } from "../lifecycle/address.js";
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
 * Reads a `miqro.json`; the paths in it are relative to it.
 * @throws {MiqroError} naming the file and everything that is wrong with it, a line each: `ERR_NOT_AVAILABLE` when that
 * is only keys that this version does not have yet, else `ERR_CONFIG`
 */
export function readMiqroJson(path: string): MiqroJson {
  const json = parse(path);
  const later = Object.keys(json).filter((key) => laterKeys.has(key));
  const known = Object.fromEntries(Object.entries(json).filter(([key]) => !laterKeys.has(key)));
  const faults = checkFields(known, fields, "the file");
  if (typeof json.port === "string" || typeof json.port === "number") faults.push(...portFaults(json.port));
  const messages = [
    ...faults,
    ...later.map((key) => `"${key}" is not available yet in this version. Remove it.`),
  ];
  if (messages.length > 0) {
    throw new MiqroError(
      faults.length > 0 ? "ERR_CONFIG" : "ERR_NOT_AVAILABLE",
      messages.map((message) => `${path}: ${message}`).join("\n"),
    );
  }
  const { $schema: _, ...checked } = known as MiqroJson & { $schema?: string };
  const fromHere = (relative: string) => resolve(dirname(path), relative);
  return {
    ...checked,
    ...(checked.services === undefined ? {} : { services: checked.services.map(fromHere) }),
    ...(checked.inflateDir === undefined ? {} : { inflateDir: fromHere(checked.inflateDir) }),
    ...(checked.envFile === undefined ? {} : { envFile: fromHere(checked.envFile) }),
  };
}

function portFaults(port: string | number): string[] {
  try {
    toPort(port, '"port" in the file');
    return [];
  } catch (error) {
    return [messageOf(error)];
  }
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
    const remedy = isJSONWithComments(text)
      ? " JSON has no comments, and no comma after a last value. Remove them."
      : "";
    throw new MiqroError("ERR_CONFIG", `${path} is not JSON: ${(error as Error).message}.${remedy}`);
  }
  if (typeof json !== "object" || json === null || Array.isArray(json)) {
    throw new MiqroError("ERR_CONFIG", `${path} must hold an object, such as { "services": ["app/"] }.`);
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
