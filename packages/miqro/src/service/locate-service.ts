import { existsSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { findUpwards } from "../build/find-upwards.js";
import { MiqroError, messageOf } from "../errors.js";

const packageName = /^(?:@[a-z\d~][\w.~-]*\/)?[a-z\d~][\w.~-]*$/i;

/**
 * Finds the folder of a service. It is given by a path, or by the name of an installed package whose `package.json` has
 * `"miqro": { "service": "service/" }`. A folder wins over a package.
 * @param base - the absolute path of the folder to which both are relative
 * @returns an absolute path; it does not exist if there is neither a folder nor a package with this name
 * @throws {MiqroError} `MIQRO_ARGUMENT` for a package without a service, and for a package with a scope that is not
 * installed
 */
export function locateService(given: string, base: string): string {
  const path = resolve(base, given);
  if (existsSync(path) || !packageName.test(given)) return path;
  const packageJSON = findUpwards(base, join("node_modules", given, "package.json"));
  if (packageJSON !== undefined) return serviceOf(packageJSON, given);
  if (!given.startsWith("@")) return path;
  throw new MiqroError(
    "MIQRO_ARGUMENT",
    `The service ${given} is neither a folder nor an installed package: there is no ${path}, and no ${join("node_modules", given)} in ${base} or above. Run "npm install ${given}".`,
  );
}

function serviceOf(packageJSON: string, name: string): string {
  const root = dirname(packageJSON);
  const refuse = (rest: string) => new MiqroError("MIQRO_ARGUMENT", `The package ${name} ${rest}`);
  const miqro = readMiqro(packageJSON, name);
  const example = '"miqro": { "service": "service/" }';
  if (miqro === undefined) {
    throw refuse(
      `is not a service: ${packageJSON} has no "miqro". Its author must add ${example}; or name the folder: node_modules/${name}/FOLDER.`,
    );
  }
  const { service } = Object(miqro) as { readonly service?: unknown };
  if (typeof service !== "string" || service === "") {
    throw refuse(
      `does not say where its service is: "miqro" in ${packageJSON} must be such as ${example}, but is ${JSON.stringify(miqro)}.`,
    );
  }
  const folder = resolve(root, service);
  if (relative(root, folder).startsWith("..")) {
    throw refuse(
      `has its service outside of its folder: "miqro" in ${packageJSON} is "${service}". Its author must correct this.`,
    );
  }
  if (!existsSync(folder)) {
    throw refuse(
      `has no ${folder}, which is the service according to ${packageJSON}. Build the package, or ask its author to publish that folder.`,
    );
  }
  return folder;
}

function readMiqro(packageJSON: string, name: string): unknown {
  try {
    return Object(JSON.parse(readFileSync(packageJSON, "utf8").replace(/^\uFEFF/, ""))).miqro;
  } catch (error) {
    throw new MiqroError(
      "MIQRO_ARGUMENT",
      `The package ${name}: ${packageJSON} cannot be read: ${messageOf(error)}`,
    );
  }
}
