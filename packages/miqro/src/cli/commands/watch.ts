import { watchServices } from "../../watch/watch-services.js";
import type { CommandArguments } from "../arguments.js";
import type { EndSignals } from "../end-signals.js";
import { terminal } from "../terminal.js";

/** `miqro --watch`: serves, and replaces the worker whenever a file changes. */
export function watch(args: CommandArguments, signals: EndSignals): Promise<number> {
  return watchServices(args, {
    reporter: terminal,
    worker: new URL("../watch-worker.js", import.meta.url),
    // From now on, the cluster listens to the signals itself.
    isEnded: () => signals.handOn() !== undefined,
  });
}
