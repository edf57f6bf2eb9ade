import { fileURLToPath } from "node:url";
import type { ListenAddress } from "@miqro/core";
import {
  ClusterManager,
  RunnerError,
  readClusterEnvironment,
  runCluster,
  WorkerFailedError,
} from "@miqro/runner";
import type { CommandArguments } from "../cli/arguments.js";
import { MiqroError } from "../errors.js";
import { readSettings } from "../settings/read-settings.js";
import type { Reporter, StartReport } from "../watch/reporter.js";
import { isListeningReport, isStopRequest } from "./messages.js";

/** The messages of the primary to people. */
export interface PrimaryReporter extends Pick<Reporter, "describe" | "info" | "error" | "hint"> {
  /** Tells where the workers are, once all of them are there. */
  workersListening(address: ListenAddress, workers: number, start: StartReport): void;
}

/** How to serve. */
export interface ServeInWorkersOptions {
  readonly reporter: PrimaryReporter;
  /** The script of the workers, which calls `runWorker` with the JSON of its first argument. */
  readonly worker: URL;
  /** Asked once, when the cluster is about to listen to signals itself: whether one has come already. */
  isEnded(): boolean;
}

/**
 * Runs services in as many workers as the environment says, and replaces them one by one on SIGHUP, or when one of them
 * asks for it.
 * @returns the exit code, when a signal or a handler has ended it
 * @throws {MiqroError} `MIQRO_ARGUMENT` for a variable of the cluster that cannot be
 */
export async function serveInWorkers(
  args: CommandArguments,
  { reporter, worker, isEnded }: ServeInWorkersOptions,
): Promise<number> {
  const startedMS = performance.now();
  const settings = readSettings(args, process.env);
  for (const note of settings.notes) reporter.hint(note);
  const environment = readEnvironment({ ...settings.variables, ...process.env });
  const manager = new ClusterManager({
    ...environment,
    // Somebody who looks at a worker holds it up.
    ...(settings.own.inspect === undefined ? {} : { heartbeatTimeout: 0 }),
    script: fileURLToPath(worker),
    args: [JSON.stringify(args)],
  });

  const listening = new Set<number | undefined>();
  manager.on("message", (payload, { number }) => {
    if (isStopRequest(payload)) void manager.stop();
    if (!isListeningReport(payload) || listening.has(number)) return;
    listening.add(number);
    if (listening.size < environment.nodes) return;
    reporter.workersListening(payload.listening, environment.nodes, { startedMS, ...settings });
    if (settings.own.browser !== undefined) {
      void import("../lifecycle/open-browser.js").then(({ openBrowserFor }) =>
        openBrowserFor(payload.listening, settings),
      );
    }
  });
  const code = runCluster(manager, {
    log: reporter.info,
    onError(error) {
      const reported = error instanceof WorkerFailedError ? error.reported : undefined;
      const lines = reported === undefined ? reporter.describe(error) : reported.message.split("\n");
      for (const line of lines) reporter.error(line);
      if (listening.size === environment.nodes && reported !== undefined) {
        reporter.hint("The old version goes on serving.");
      }
    },
  });
  if (isEnded()) await manager.stop({ timeout: 0 });
  return code;
}

function readEnvironment(env: NodeJS.ProcessEnv): ReturnType<typeof readClusterEnvironment> {
  try {
    return readClusterEnvironment(env);
  } catch (error) {
    if (!(error instanceof RunnerError)) throw error;
    throw new MiqroError("MIQRO_ARGUMENT", error.message, { cause: error });
  }
}
