/** A message from a worker: the files that it loaded. */
export interface FileReport {
  readonly files: readonly string[];
  /** The time when it began to load these files, in milliseconds since 1970. */
  readonly since: number;
}

/** A message from a worker: the app has crashed. The answer decides whether the worker ends and is started again. */
export interface CrashReport {
  readonly crashed: true;
}

/** A message from a worker: files that the user probably expects to be read, but that are not read. */
export interface HintReport {
  readonly hint: string;
}

/** The answer to a worker that has crashed. */
export interface CrashAnswer {
  /** True to show the error until a file changes; false to end, so that a new worker is started. */
  readonly stay: boolean;
}

/** Whether a message of unknown type is a report of files. */
export function isFileReport(payload: unknown): payload is FileReport {
  const { files, since } = Object(payload) as { readonly files?: unknown; readonly since?: unknown };
  if (typeof since !== "number") return false;
  return Array.isArray(files) && files.every((file) => typeof file === "string");
}

/** Whether a message of unknown type is a hint. */
export function isHintReport(payload: unknown): payload is HintReport {
  return typeof (Object(payload) as { readonly hint?: unknown }).hint === "string";
}

/** Whether a message of unknown type reports a crash. */
export function isCrashReport(payload: unknown): payload is CrashReport {
  return (Object(payload) as { readonly crashed?: unknown }).crashed === true;
}

/** Whether a message of unknown type is the answer to a crash. */
export function isCrashAnswer(payload: unknown): payload is CrashAnswer {
  return typeof (Object(payload) as { readonly stay?: unknown }).stay === "boolean";
}

/** A message to a worker: the reason why its successor does not load; empty after a successor has loaded. */
export interface FailureReport {
  readonly failure: readonly string[];
}

/** Whether a message of unknown type is such a reason. */
export function isFailureReport(payload: unknown): payload is FailureReport {
  const { failure } = Object(payload) as { readonly failure?: unknown };
  return Array.isArray(failure) && failure.every((line) => typeof line === "string");
}
