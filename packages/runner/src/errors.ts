import type { ReportedFailure } from "./protocol/messages.js";

/** Every `code` that an error of this package can carry. */
export type RunnerErrorCode =
  | "RUNNER_BACKPLANE"
  | "RUNNER_CACHE_KIND"
  | "RUNNER_CACHE_STATE"
  | "RUNNER_CACHE_VALUE"
  | "RUNNER_CLUSTER_STATE"
  | "RUNNER_CLUSTER_STOPPED"
  | "RUNNER_CRASH_LOOP"
  | "RUNNER_FOREIGN_MESSAGE"
  | "RUNNER_INVALID_OPTION"
  | "RUNNER_RELOAD_FAILED"
  | "RUNNER_SCRIPT_NOT_FOUND"
  | "RUNNER_SPARE_FAILED"
  | "RUNNER_WATCH_FAILED"
  | "RUNNER_WORKER_FAILED"
  | "RUNNER_WORKER_STUCK";

/** Base class of all errors of this package. `code` is stable, the message is not. */
export class RunnerError extends Error {
  readonly code: RunnerErrorCode;

  constructor(code: RunnerErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
    this.code = code;
  }
}

/** An option or argument of the caller has a value that cannot be used. */
export class InvalidOptionError extends RunnerError {
  constructor(option: string, expected: string, received: unknown) {
    super("RUNNER_INVALID_OPTION", `${option} must be ${expected}, but it is ${describe(received)}.`);
  }
}

/** The script of the workers does not exist. */
export class ScriptNotFoundError extends RunnerError {
  constructor(script: string, cause: unknown) {
    super(
      "RUNNER_SCRIPT_NOT_FOUND",
      `The script ${script} does not exist; give the path of a JavaScript file.`,
      { cause },
    );
  }
}

/** A method was called in a state that does not allow it, such as `reload()` before `start()`. */
export class ClusterStateError extends RunnerError {
  constructor(message: string) {
    super("RUNNER_CLUSTER_STATE", message);
  }
}

/** The cluster was stopped before `start()` or `reload()` was done. */
export class ClusterStoppedError extends RunnerError {
  constructor() {
    super("RUNNER_CLUSTER_STOPPED", "The cluster was stopped before its workers were ready.");
  }
}

/** A reload failed that a worker had requested. The message is that of the error in the primary. */
export class ReloadFailedError extends RunnerError {
  constructor(message: string) {
    super("RUNNER_RELOAD_FAILED", message);
  }
}

/** How a failed worker ended. */
export interface WorkerFailure {
  /** The number of the worker, from 0. */
  readonly workerNumber: number;
  /** The id of its process. */
  readonly pid: number | undefined;
  /** Exit code, or `null` if a signal ended the process. */
  readonly exitCode: number | null;
  /** The signal that ended the process, or `null`. */
  readonly signal: NodeJS.Signals | null;
  /** Milliseconds after which the runner stopped waiting for the worker, if it neither listened nor ended by itself. */
  readonly timedOutAfter?: number | undefined;
  /** The failure that the worker reported: its uncaught error, or the error given to `reportFailure`. */
  readonly reported?: ReportedFailure | undefined;
}

/** A worker ended, or took too long, before it listened or reported ready. */
export class WorkerFailedError extends RunnerError {
  /** The number of the worker, from 0. */
  readonly workerNumber: number;
  /** Exit code, or `null` if a signal ended the process, or if it has not ended. */
  readonly exitCode: number | null;
  /** The signal that ended the process, or `null`. */
  readonly signal: NodeJS.Signals | null;
  /** The error that the worker reported: its uncaught error, or the error given to `reportFailure`. */
  readonly reported: ReportedFailure | undefined;

  constructor(failure: WorkerFailure, consequence: string) {
    super(
      "RUNNER_WORKER_FAILED",
      `Worker ${failure.workerNumber}${pidText(failure)} ${howItEnded(failure)}; ${consequence}.${reportedText(failure)}`,
    );
    this.workerNumber = failure.workerNumber;
    this.exitCode = failure.exitCode;
    this.signal = failure.signal;
    this.reported = failure.reported;
  }
}

/** A worker ended again and again, each time soon after its start, so the cluster was stopped. */
export class CrashLoopError extends RunnerError {
  /** The number of the worker, from 0. */
  readonly workerNumber: number;
  /** The number of crashes in a row. */
  readonly crashes: number;

  constructor(failure: WorkerFailure, crashes: number) {
    super(
      "RUNNER_CRASH_LOOP",
      `Worker ${failure.workerNumber} ended ${crashes} times in a row soon after its start, the last time with ` +
        `${exitText(failure)}; the cluster stops, correct the cause and start it again.${reportedText(failure)}`,
    );
    this.workerNumber = failure.workerNumber;
    this.crashes = crashes;
  }
}

/** The warm spare ended again and again. Reloads continue without a spare. */
export class SpareFailedError extends RunnerError {
  constructor(reported: ReportedFailure | undefined) {
    super(
      "RUNNER_SPARE_FAILED",
      `The warm spare ended too often before it was used and is not started again, so reloads take longer; ` +
        `check the preload module.${reported === undefined ? "" : `\n${reported.stack ?? reported.message}`}`,
    );
  }
}

/** A worker did not answer its primary for too long. It is killed and replaced. */
export class WorkerStuckError extends RunnerError {
  constructor(workerNumber: number | undefined, pid: number | undefined, timeout: number) {
    super(
      "RUNNER_WORKER_STUCK",
      `Worker ${workerNumber} (pid ${pid}) did not answer for ${timeout} ms and is killed: it is in an endless loop, or ` +
        `in work that does not let it answer. Move such work to a thread, or raise heartbeatTimeout.`,
    );
  }
}

/** A process sent a message of another protocol or version. It was ignored. */
export class ForeignMessageError extends RunnerError {
  constructor(pid: number | undefined) {
    super(
      "RUNNER_FOREIGN_MESSAGE",
      `A message of worker process ${pid} was ignored because @miqro/runner did not send it; ` +
        `send messages with sendToPrimary() of @miqro/runner/worker instead of process.send().`,
    );
  }
}

/** A folder cannot be watched, for example because the system's limit of watches is reached. */
export class WatchFailedError extends RunnerError {
  readonly path: string;

  constructor(path: string, cause: unknown) {
    const limit = errorCode(cause) === "ENOSPC";
    super(
      "RUNNER_WATCH_FAILED",
      limit
        ? `The folder ${path} cannot be watched because the system's limit of watches is reached; ` +
            `raise fs.inotify.max_user_watches or ignore more folders.`
        : `The folder ${path} cannot be watched: ${errorMessage(cause)}.`,
      { cause },
    );
    this.path = path;
  }
}

/** The `code` of a system error, or `undefined` for anything else. */
export function errorCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || !("code" in error)) return undefined;
  return typeof error.code === "string" ? error.code : undefined;
}

/** The message of an error, its name if the message is empty, or any other thrown value as a string. */
export function errorMessage(error: unknown): string {
  return error instanceof Error ? error.message || error.name : String(error);
}

function pidText({ pid }: WorkerFailure): string {
  return pid === undefined ? "" : ` (pid ${pid})`;
}

function howItEnded(failure: WorkerFailure): string {
  if (failure.pid === undefined) return "could not be started";
  if (failure.timedOutAfter !== undefined) {
    return `neither listened nor called reportReady() within ${failure.timedOutAfter} ms`;
  }
  return `ended with ${exitText(failure)} before it was ready`;
}

function exitText(failure: WorkerFailure): string {
  return failure.signal === null ? `exit code ${failure.exitCode}` : `signal ${failure.signal}`;
}

function reportedText(failure: WorkerFailure): string {
  const { reported } = failure;
  if (reported === undefined) return "";
  // A reported failure is written for the user. An unexpected error needs its stack.
  return `\n${reported.deliberate ? reported.message : (reported.stack ?? reported.message)}`;
}

function describe(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value === "function") return "a function";
  if (typeof value === "object" && value !== null) return Array.isArray(value) ? "an array" : "an object";
  return String(value);
}

/** A value or key that a cache cannot hold. */
export class CacheValueError extends RunnerError {
  static unserialisable(key: string, path: string, found: string): CacheValueError {
    return new CacheValueError(
      `The value for the key ${JSON.stringify(key)} cannot be cached because ${path} is ${found}; ` +
        `give null, booleans, finite numbers, strings, arrays and plain objects.`,
    );
  }

  static tooLarge(key: string, limit: number): CacheValueError {
    return new CacheValueError(
      `The value for the key ${JSON.stringify(key)} is longer than ${limit} characters of JSON; ` +
        `store less, or raise maxValueLength.`,
    );
  }

  static wrongKey(key: unknown): CacheValueError {
    const received = typeof key === "string" ? `a string of ${key.length} characters` : describe(key);
    return new CacheValueError(`A key must be a string of at most 1024 characters, but it is ${received}.`);
  }

  constructor(message: string) {
    super("RUNNER_CACHE_VALUE", message);
  }
}

/** An operation on a set, an array or a number met an entry of another kind; nothing was changed. */
export class CacheKindError extends RunnerError {
  /** True for the error of a write that an earlier write made impossible. */
  static lost(change: { readonly op: string; readonly key?: string }, found: string): CacheKindError {
    const expected = change.op === "incr" ? "a number" : change.op.startsWith("set_") ? "a set" : "an array";
    return new CacheKindError(change.key ?? "", expected, `a ${found}`.replace("a array", "an array"));
  }

  constructor(key: string, expected: string, found: string) {
    super(
      "RUNNER_CACHE_KIND",
      `The key ${JSON.stringify(key)} must hold ${expected} for this operation, but it holds ${found}; ` +
        `use another key, or unset this one first.`,
    );
  }
}

/** A cache was used before it was ready, after it was closed, or while too many of its writes were waiting. */
export class CacheStateError extends RunnerError {
  constructor(message: string) {
    super("RUNNER_CACHE_STATE", message);
  }
}

/** The backplane cannot be used with these options. */
export class BackplaneError extends RunnerError {
  constructor(message: string, cause?: unknown) {
    super("RUNNER_BACKPLANE", message, { cause });
  }
}
