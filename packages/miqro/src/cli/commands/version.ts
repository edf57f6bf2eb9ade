import { exitCodes } from "../../errors.js";
import { packageVersion } from "../package-version.js";

/** `miqro --version`. */
export function version(): number {
  console.log(packageVersion());
  return exitCodes.ok;
}
