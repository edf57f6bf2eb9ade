import { Logger } from "@miqro/core";
import { isWorker, requestReload } from "@miqro/runner/worker";
import { MiqroError, messageOf } from "../errors.js";

/** Has the runner replace the workers of this process's cluster; that is the only reload there is. A failure is logged. */
export async function reloadWorkers(): Promise<void> {
  const failure = isWorker() ? await reload() : notWorker();
  if (failure === undefined) return;
  new Logger("MIQRO").error("%s", failure.message);
  throw failure;
}

async function reload(): Promise<MiqroError | undefined> {
  try {
    await requestReload();
    return undefined;
  } catch (error) {
    return new MiqroError("ERR_START", messageOf(error), { cause: error });
  }
}

function notWorker(): MiqroError {
  return new MiqroError(
    "ERR_STATE",
    "reload() replaces worker processes, but this process is not a worker. Start the server with miqro-cluster, " +
      "with miqro --watch, or with miqro-runner.",
  );
}
