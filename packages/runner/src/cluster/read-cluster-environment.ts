import { availableParallelism } from "node:os";
import { RunnerError } from "../errors.js";

/** The options of a `ClusterManager` that come from the environment. */
export interface ClusterEnvironment {
  /** The number of workers. Default: the number of CPUs. */
  readonly nodes: number;
  /** Whether a worker that ended stays ended. Default: false. */
  readonly disableRestart: boolean;
  /** The time for which a worker that is stopped still accepts requests, in milliseconds. Default: 0. */
  readonly drainDelay: number;
}

/**
 * Reads `CLUSTER_COUNT`, `CLUSTER_DISABLE_RESTART` and `CLUSTER_DRAIN_DELAY`.
 *
 * @throws {RunnerError} `RUNNER_INVALID_OPTION` with the name of the variable
 */
export function readClusterEnvironment(env: NodeJS.ProcessEnv): ClusterEnvironment {
  const nodes = readCount(env.CLUSTER_COUNT);
  if (nodes === undefined) {
    throw new RunnerError(
      "RUNNER_INVALID_OPTION",
      `CLUSTER_COUNT must be an integer from 1 to 1024, but it is "${env.CLUSTER_COUNT}"; ` +
        `remove it for one worker per CPU.`,
    );
  }
  const drainDelay = readDelay(env.CLUSTER_DRAIN_DELAY);
  if (drainDelay === undefined) {
    throw new RunnerError(
      "RUNNER_INVALID_OPTION",
      `CLUSTER_DRAIN_DELAY must be a number of milliseconds below 10000, which is when a worker that is stopped is killed, ` +
        `but it is "${env.CLUSTER_DRAIN_DELAY}".`,
    );
  }
  return { nodes, drainDelay, disableRestart: ["1", "true"].includes(env.CLUSTER_DISABLE_RESTART ?? "") };
}

function readCount(text: string | undefined): number | undefined {
  if (text === undefined || text === "") return availableParallelism();
  const count = /^\d{1,4}$/.test(text) ? Number(text) : 0;
  return count >= 1 && count <= 1024 ? count : undefined;
}

function readDelay(text: string | undefined): number | undefined {
  if (text === undefined || text === "") return 0;
  return /^\d{1,4}$/.test(text) ? Number(text) : undefined;
}
