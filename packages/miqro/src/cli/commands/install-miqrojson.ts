import { exitCodes } from "../../errors.js";
import { writeNew } from "./install-tsconfig.js";

/** The path at which editors find the schema, in a project that has installed the package. */
export const schemaPath = "./node_modules/miqro/miqro.schema.json";

/** `miqro --install-miqrojson`: writes a `miqro.json` with default content. */
export function installMiqroJSON(): number {
  writeNew("miqro.json", {
    $schema: schemaPath,
    name: "server",
    services: ["app/"],
    noBuild: true,
    logFile: false,
  });
  console.log("Wrote miqro.json. List your service folders in it, in the order in which they run.");
  return exitCodes.ok;
}
