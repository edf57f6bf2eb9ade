import { exitCodes } from "../../errors.js";
import { writeNew } from "./install-tsconfig.js";

/** `miqro --install-miqrojson`: a `miqro.json` to begin with. */
export function installMiqroJson(): number {
  writeNew("miqro.json", { name: "server", services: ["app/"], noBuild: true });
  console.log("Wrote miqro.json. List your service folders in it, in the order in which they run.");
  return exitCodes.ok;
}
