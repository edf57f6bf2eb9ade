import { exitCodes } from "../../errors.js";
import { packageVersion } from "../report.js";

/** `miqro --version`. */
export function version(): number {
  console.log(packageVersion());
  return exitCodes.ok;
}
