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
import { type Reporter, type StartReport, showLines } from "../watch/reporter.js";
import { isListeningReport, isStopRequest } from "./messages.js";

/** Writes the messages of the primary for the user. */
export interface PrimaryReporter extends Pick<Reporter, "describe" | "info" | "error" | "hint"> {
  /** Reports the address of the workers when all of them listen. */
  workersListening(address: ListenAddress, workers: number, start: StartReport): void;
}

/** The options for serving in workers. */
export interface ServeInWorkersOptions {
  readonly reporter: PrimaryReporter;
  /** The script of the workers, which calls `runWorker` with the JSON of its first argument. */
  readonly worker: URL;
  /** Called once, when the cluster is about to listen to signals itself: returns a signal that has already arrived. */
  isEnded(): boolean;
}

/**
 * Runs services in as many workers as the environment asks for. SIGHUP, or a request of a worker, replaces the workers
 * one by one.
 * @returns the exit code, after a signal or a handler has ended it
 * @throws {MiqroError} `MIQRO_ARGUMENT` for an invalid variable of the cluster
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
    // A debugger that is attached stops a worker for a long time.
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
      showLines(lines, reporter);
      if (listening.size === environment.nodes && reported !== undefined) {
        reporter.hint("The old version continues to serve.");
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
