/** Something wrong with a file of the project. */
export interface Problem {
  /** Relative to the project, with slashes; absent when no file is to blame. */
  readonly path?: string;
  /** From 1. */
  readonly line?: number;
  /** From 1. */
  readonly column?: number;
  readonly message: string;
  /** The tool that reports it. */
  readonly from: "app" | "tsc";
}
