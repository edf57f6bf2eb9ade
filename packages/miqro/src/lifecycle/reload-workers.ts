import { RunnerError } from "@miqro/runner";
import { isWorker, requestReload } from "@miqro/runner/worker";
import { MiqroError } from "../errors.js";

/** Has the runner replace the workers of this process's cluster; that is the only reload there is. */
export async function reloadWorkers(): Promise<void> {
  if (!isWorker()) {
    throw new MiqroError(
      "ERR_STATE",
      "reload() replaces worker processes, but this process is not a worker. Start the server with miqro-cluster, " +
        "with miqro --watch, or with miqro-runner.",
    );
  }
  try {
    await requestReload();
  } catch (error) {
    if (!(error instanceof RunnerError)) throw error;
    throw new MiqroError("ERR_START", error.message, { cause: error });
  }
}
