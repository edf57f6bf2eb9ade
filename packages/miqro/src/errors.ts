/** The exit code of the command line for each kind of failure. */
export const exitCodes = { ok: 0, crash: 1, arguments: 10, start: 20, tests: 30 } as const;

/** Every `code` that an error of this package can carry. */
export type MiqroErrorCode =
  | "MIQRO_ARGUMENT"
  | "MIQRO_CONFIG"
  | "MIQRO_COMPILE"
  | "MIQRO_SERVICE"
  | "MIQRO_NOT_AVAILABLE"
  | "MIQRO_STATE"
  | "MIQRO_TEST"
  | "MIQRO_RESPONSE"
  | "MIQRO_START"
  | "MIQRO_INFLATE";

/** The base class of every error that miqro itself throws. Its message is written for a person. */
export class MiqroError extends Error {
  /** The kind of error. It stays the same in later versions. */
  readonly code: MiqroErrorCode;

  constructor(code: MiqroErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "MiqroError";
    this.code = code;
  }
}

/** One problem of one file of a service. */
export interface Problem {
  /** The file that the user wrote: the source, not the compiled file. */
  readonly file: string;
  /** The problem and its remedy, in full sentences. */
  readonly message: string;
  /** The error behind the problem, if there is one. */
  readonly cause?: unknown;
}

/** A composition that cannot start. The error lists every file that has a problem. */
export class StartError extends MiqroError {
  /** Every problem of every file, at least one. */
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[], code: "MIQRO_START" | "MIQRO_INFLATE" = "MIQRO_START") {
    super(code, problems.map(({ file, message }) => `${file}: ${message}`).join("\n"));
    this.name = "StartError";
    this.problems = problems;
  }
}

/** Describes any thrown value in words, even a value that cannot be printed. */
export function messageOf(thrown: unknown): string {
  if (thrown instanceof Error) return thrown.message;
  try {
    return String(thrown);
  } catch {
    return `a ${typeof thrown}`;
  }
}

const fileReasons: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file",
  EISDIR: "it is a folder",
  EEXIST: "it is a file",
  ENOTDIR: "a part of its path is a file",
  EACCES: "this user has no permission",
  EPERM: "this user has no permission",
  EROFS: "the disk is read-only",
  ENOSPC: "the disk is full",
};

/** Says in words why a file could not be read or written, from the error of `node:fs`. */
export function fileReasonOf(error: unknown): string {
  const { code } = error as NodeJS.ErrnoException;
  return fileReasons[code ?? ""] ?? code ?? messageOf(error);
}
