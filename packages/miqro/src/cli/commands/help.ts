import { exitCodes } from "../../errors.js";
import { helpText } from "../help.js";

/** `miqro --help`. */
export function help(): number {
  console.log(helpText());
  return exitCodes.ok;
}
