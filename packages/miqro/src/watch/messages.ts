/** From a worker: files that it loaded. */
export interface FileReport {
  readonly files: readonly string[];
  /** When it began to load them, in milliseconds since 1970. */
  readonly since: number;
}

/** From a worker: the app has crashed. The answer says whether it is to be started again. */
export interface CrashReport {
  readonly crashed: true;
}

/** From a worker: files that look as if they were meant to be read, and are not. */
export interface HintReport {
  readonly hint: string;
}

/** To a worker that has crashed. */
export interface CrashAnswer {
  /** True to show the error until a file changes; false to end, and be started again. */
  readonly stay: boolean;
}

/** Whether a message, which can be anything, is a report of files. */
export function isFileReport(payload: unknown): payload is FileReport {
  const { files, since } = Object(payload) as { readonly files?: unknown; readonly since?: unknown };
  if (typeof since !== "number") return false;
  return Array.isArray(files) && files.every((file) => typeof file === "string");
}

/** Whether a message, which can be anything, is a hint. */
export function isHintReport(payload: unknown): payload is HintReport {
  return typeof (Object(payload) as { readonly hint?: unknown }).hint === "string";
}

/** Whether a message, which can be anything, reports a crash. */
export function isCrashReport(payload: unknown): payload is CrashReport {
  return (Object(payload) as { readonly crashed?: unknown }).crashed === true;
}

/** Whether a message, which can be anything, is the answer to a crash. */
export function isCrashAnswer(payload: unknown): payload is CrashAnswer {
  return typeof (Object(payload) as { readonly stay?: unknown }).stay === "boolean";
}

/** To a worker: why its successor does not load; no lines once one has. */
export interface FailureReport {
  readonly failure: readonly string[];
}

/** Whether a message, which can be anything, tells why a successor does not load. */
export function isFailureReport(payload: unknown): payload is FailureReport {
  const { failure } = Object(payload) as { readonly failure?: unknown };
  return Array.isArray(failure) && failure.every((line) => typeof line === "string");
}
