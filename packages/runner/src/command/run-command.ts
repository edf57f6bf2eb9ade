import { ClusterManager } from "../cluster/cluster-manager.js";
import type { ClusterOptions } from "../cluster/cluster-options.js";
import { readClusterEnvironment } from "../cluster/read-cluster-environment.js";
import { runCluster } from "../cluster/run-cluster.js";
import { RunnerError } from "../errors.js";
import { guardOutput } from "../worker/output-guard.js";
import type { EarlySignals } from "./early-signals.js";

const help = `Usage: miqro-runner script.js [arguments]

Runs a script in several worker processes that share its ports.

Environment
  CLUSTER_COUNT            number of workers (default: number of CPUs)
  CLUSTER_DISABLE_RESTART  1: a worker that ended is not started again
  CLUSTER_DRAIN_DELAY      milliseconds for which a worker that is stopped still
                           accepts requests, while its health check answers 503
                           (default: 0)
  MIQRO_BACKPLANE          redis://host:6379 to share caches and channels with
                           other machines (default: ipc, this machine)
  MIQRO_APP                name of the app, needed with Redis

Signals
  SIGTERM, SIGINT          finish all requests, then end (10 seconds)
  SIGHUP                   replace the workers one by one

Example
  CLUSTER_COUNT=4 miqro-runner server.js --port 8080
`;

const argumentError = 10;

/** Runs the command line of `miqro-runner`; resolves to the exit code. */
export async function runCommand(
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  early: EarlySignals,
): Promise<number> {
  guardOutput();
  const [script, ...rest] = args;
  if (script === "-h" || script === "--help") {
    process.stdout.write(help);
    return 0;
  }
  if (script === undefined || script === "") {
    return refuse("A script is missing; write miqro-runner script.js [arguments], or --help for more.");
  }
  if (script.startsWith("-")) {
    return refuse(
      `The option ${script} is not known; write arguments of the script after the script, see --help.`,
    );
  }
  const execArgv = sourceMapArguments(process.execArgv, env.NODE_OPTIONS);
  const manager = createManager({ script, args: rest, execArgv }, env);
  if (manager instanceof RunnerError) return refuse(manager.message);
  if (early.received.some((signal) => signal !== "SIGHUP")) return 0;
  const code = runCluster(manager);
  early.handOn();
  return code;
}

/**
 * The arguments of Node.js that make stacks name the lines of the source files, unless the user has set this option.
 */
function sourceMapArguments(execArgv: readonly string[], options: string = ""): readonly string[] {
  const isDecided = [...execArgv, options].some((text) => text.includes("enable-source-maps"));
  return isDecided ? execArgv : [...execArgv, "--enable-source-maps"];
}

function createManager(options: ClusterOptions, env: NodeJS.ProcessEnv): ClusterManager | RunnerError {
  try {
    return new ClusterManager({ ...options, ...readClusterEnvironment(env) });
  } catch (error) {
    if (error instanceof RunnerError) return error;
    throw error;
  }
}

function refuse(message: string): number {
  console.error(message);
  return argumentError;
}
