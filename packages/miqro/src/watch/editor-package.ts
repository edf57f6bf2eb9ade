import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { MiqroError } from "../errors.js";

/**
 * Imports a module of `@miqro/editor`. The project must install this package, because it is larger than miqro itself.
 * @throws {MiqroError} `MIQRO_NOT_AVAILABLE` with the command that installs it
 */
export async function importEditor<Module>(entry: "" | "/agent"): Promise<Module> {
  const specifier = `@miqro/editor${entry}`;
  for (const from of [join(process.cwd(), "package.json"), import.meta.url]) {
    let file: string;
    try {
      file = createRequire(from).resolve(specifier);
    } catch {
      continue;
    }
    return (await import(pathToFileURL(file).href)) as Module;
  }
  throw new MiqroError(
    "MIQRO_NOT_AVAILABLE",
    "The editor is not installed: run npm install --save-dev @miqro/editor, then run this command again.",
  );
}
