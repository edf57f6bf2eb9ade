import { MiqroError } from "../../errors.js";

/** `miqro --install`: an executable unpacks the files that it carries. miqro itself carries no files. */
export function install(): never {
  throw new MiqroError(
    "MIQRO_ARGUMENT",
    "--install is a flag of an executable that miqro --compile has made: it writes the files of the executable into a folder. For a tsconfig.json write --install-tsconfig.",
  );
}
