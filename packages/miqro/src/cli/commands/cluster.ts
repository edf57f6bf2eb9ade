import { serveInWorkers } from "../../cluster/serve-in-workers.js";
import { MiqroError } from "../../errors.js";
import type { CommandArguments } from "../arguments.js";
import type { EndSignals } from "../end-signals.js";
import { reportWorkers } from "../report.js";
import { terminal } from "../terminal.js";

/** `miqro-cluster`: serves in worker processes. */
export async function cluster(args: CommandArguments, signals: EndSignals): Promise<number> {
  if (args.watch || args.editor) {
    const flag = args.watch ? "--watch" : "--editor";
    throw new MiqroError(
      "MIQRO_ARGUMENT",
      `${flag} runs one worker, which it replaces itself. Write miqro ${flag}, or leave ${flag} out.`,
    );
  }
  return serveInWorkers(args, {
    reporter: { ...terminal, workersListening: reportWorkers },
    worker: new URL("../cluster-worker.js", import.meta.url),
    // From now on, the cluster listens to the signals itself.
    isEnded: () => signals.handOn() !== undefined,
  });
}
