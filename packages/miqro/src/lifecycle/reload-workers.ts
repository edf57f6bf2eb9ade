import { Logger } from "@miqro/core";
import { requestReload } from "@miqro/runner/worker";
import { MiqroError, messageOf } from "../errors.js";

/** Has the runner replace the workers that this process is one of. A failure is logged. */
export async function reloadWorkers(): Promise<void> {
  try {
    await requestReload();
  } catch (error) {
    new Logger("MIQRO").error("%s", messageOf(error));
    throw new MiqroError("MIQRO_START", messageOf(error), { cause: error });
  }
}
