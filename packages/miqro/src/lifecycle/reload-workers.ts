import { Logger } from "@miqro/core";
import { requestReload } from "@miqro/runner/worker";
import { MiqroError, messageOf } from "../errors.js";

/** Asks the runner to replace all workers of this server. A failure is logged. */
export async function reloadWorkers(): Promise<void> {
  try {
    await requestReload();
  } catch (error) {
    new Logger("MIQRO").error("%s", messageOf(error));
    throw new MiqroError("MIQRO_START", messageOf(error), { cause: error });
  }
}
