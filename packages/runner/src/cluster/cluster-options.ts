import { createRequire } from "node:module";
import { availableParallelism } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { InvalidOptionError, ScriptNotFoundError } from "../errors.js";
import type { BackoffOptions } from "./restart-backoff.js";

/** Options of `ClusterManager`. Times are in milliseconds. */
export interface ClusterOptions {
  /** Path of the script that every worker runs. */
  readonly script: string;
  /** Arguments of the script. Default: none. */
  readonly args?: readonly string[];
  /** Number of workers. Default: the number of CPUs that the process may use. */
  readonly nodes?: number;
  /** Environment variables of the workers, added to those of this process. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Arguments of Node.js for the workers. Default: those of this process. */
  readonly execArgv?: readonly string[];
  /** Whether a worker that ended is not restarted. Default: false. */
  readonly disableRestart?: boolean;
  /**
   * Whether one more process is started in advance. It waits, and becomes the next successor without delay. Default:
   * false.
   */
  readonly spare?: boolean;
  /** File path or `file:` URL of a module that the spare imports while it waits. */
  readonly preload?: string | URL;
  /** How long a successor may take until it listens. After that the reload fails. Default: 30000. */
  readonly startTimeout?: number;
  /** How long a worker may take to finish its requests before it is killed. Default: 10000. */
  readonly stopTimeout?: number;
  /** How long a draining worker keeps idle keep-alive connections open. Default: 1000. */
  readonly drainIdle?: number;
  /**
   * How long a worker that is stopped still accepts requests while its health check answers 503, so that proxies and
   * orchestrators stop sending requests. Part of `stopTimeout`. Default: 0.
   */
  readonly drainDelay?: number;
  /**
   * How long a worker may be busy without answering the primary before it is killed and replaced; 0 for no limit.
   * Default: 10000, or 0 if Node.js is being inspected.
   */
  readonly heartbeatTimeout?: number;
  /** Delay before the second restart of a crashing worker. Each further restart doubles the delay. Default: 100. */
  readonly restartDelay?: number;
  /** The longest delay before a restart. Default: 10000. */
  readonly maxRestartDelay?: number;
  /** Crashes in a row of one worker after which the cluster stops. Default: 8. */
  readonly maxCrashes?: number;
  /** If a worker ran for this time before it ended, its crashes are counted from the beginning. Default: 5000. */
  readonly minUptime?: number;
}

/** The options with their defaults settled and paths resolved. */
export interface ClusterSettings extends BackoffOptions {
  readonly script: string;
  readonly args: readonly string[];
  readonly nodes: number;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly execArgv: readonly string[];
  readonly disableRestart: boolean;
  readonly spare: boolean;
  readonly preload: string | undefined;
  readonly startTimeout: number;
  readonly stopTimeout: number;
  readonly drainIdle: number;
  readonly drainDelay: number;
  readonly heartbeatTimeout: number;
}

// The longest delay that timers of Node.js support. A timer with a longer delay fires at once.
const maxTimer = 2 ** 31 - 1;

/** Checks the options and settles the defaults. Throws `InvalidOptionError` or `ScriptNotFoundError`. */
export function toClusterSettings(options: ClusterOptions): ClusterSettings {
  const { args = [], execArgv = process.execArgv, env = {}, disableRestart = false, spare = false } = options;
  if (typeof options.script !== "string" || options.script === "") {
    throw new InvalidOptionError("script", "the path of a file", options.script);
  }
  if (typeof disableRestart !== "boolean") {
    throw new InvalidOptionError("disableRestart", "true or false", disableRestart);
  }
  if (typeof spare !== "boolean") throw new InvalidOptionError("spare", "true or false", spare);
  return {
    script: resolveScript(options.script),
    args: checkStrings("args", args),
    nodes: checkInteger("nodes", options.nodes ?? availableParallelism(), 1, 1024),
    env,
    execArgv: checkStrings("execArgv", execArgv),
    disableRestart,
    spare,
    preload: options.preload === undefined ? undefined : toModuleURL(options.preload),
    startTimeout: checkInteger("startTimeout", options.startTimeout ?? 30_000, 1, maxTimer),
    stopTimeout: checkInteger("stopTimeout", options.stopTimeout ?? 10_000, 0, maxTimer),
    drainIdle: checkInteger("drainIdle", options.drainIdle ?? 1000, 0, maxTimer),
    drainDelay: checkInteger("drainDelay", options.drainDelay ?? 0, 0, maxTimer),
    heartbeatTimeout: checkInteger(
      "heartbeatTimeout",
      options.heartbeatTimeout ?? (isInspected(execArgv) ? 0 : 10_000),
      0,
      maxTimer,
    ),
    restartDelay: checkInteger("restartDelay", options.restartDelay ?? 100, 1, maxTimer),
    maxRestartDelay: checkInteger("maxRestartDelay", options.maxRestartDelay ?? 10_000, 1, maxTimer),
    maxCrashes: checkInteger("maxCrashes", options.maxCrashes ?? 8, 1, 1_000_000),
    minUptime: checkInteger("minUptime", options.minUptime ?? 5000, 0, maxTimer),
  };
}

/** Returns `value` when it is an integer from `min` to `max`, else throws `InvalidOptionError`. */
export function checkInteger(option: string, value: number, min: number, max: number): number {
  if (Number.isInteger(value) && value >= min && value <= max) return value;
  throw new InvalidOptionError(option, `an integer from ${min} to ${max}`, value);
}

// A process that has stopped at a breakpoint does not answer.
function isInspected(execArgv: readonly string[]): boolean {
  return [...execArgv, process.env.NODE_OPTIONS ?? ""].some((text) => text.includes("--inspect"));
}

function checkStrings(option: string, values: readonly string[]): readonly string[] {
  if (Array.isArray(values) && values.every((value) => typeof value === "string")) return [...values];
  throw new InvalidOptionError(option, "an array of strings", values);
}

function resolveScript(script: string): string {
  const path = resolve(script);
  try {
    // The rules of `node script`, which also find server.js for "server", and the index.js of a folder.
    return createRequire(join(process.cwd(), "_")).resolve(path);
  } catch (error) {
    throw new ScriptNotFoundError(path, error);
  }
}

function toModuleURL(preload: string | URL): string {
  if (preload instanceof URL) return preload.href;
  if (typeof preload !== "string" || preload === "") {
    throw new InvalidOptionError("preload", "a file path or a file: URL", preload);
  }
  return preload.startsWith("file:") ? preload : pathToFileURL(resolve(preload)).href;
}
