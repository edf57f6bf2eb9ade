import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import type { TrustProxy } from "@miqro/core";
import { MiqroError } from "../errors.js";
import { checkFields, type Fields } from "../options/check-fields.js";

/** What `miqro.json` may hold. */
export interface MiqroJson {
  readonly name?: string;
  readonly port?: string | number;
  readonly host?: string;
  readonly services?: readonly string[];
  readonly noBuild?: boolean;
  readonly trustProxy?: TrustProxy;
}

const fields: Fields = {
  $schema: "string?",
  name: "string?",
  port: "string|number?",
  host: "string?",
  services: "string[]?",
  noBuild: "boolean?",
  trustProxy: "boolean|number|string[]?",
};

const laterFields = new Set([
  "backplane",
  "browser",
  "clientBundle",
  "db",
  "editor",
  "https",
  "httpsCert",
  "httpsKey",
  "httpsRedirect",
  "inflateDir",
  "inflateOnlyAssets",
  "inflateParallel",
  "logFile",
  "noMinify",
  "serverOptions",
]);

/**
 * Reads a `miqro.json`; the services in it are relative to it.
 * @throws {MiqroError} `ERR_CONFIG` naming the file, the key and what it should be; `ERR_NOT_AVAILABLE` for a
 * key that this version does not have yet
 */
export function readMiqroJson(path: string): MiqroJson {
  const json = parse(path);
  for (const key of Object.keys(json)) {
    if (laterFields.has(key)) {
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
