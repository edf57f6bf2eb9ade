/** An error in a file of the project. */
export interface Problem {
  /** The path relative to the project, with slashes; absent if the error has no file. */
  readonly path?: string;
  /** Counted from 1. */
  readonly line?: number;
  /** Counted from 1. */
  readonly column?: number;
  readonly message: string;
  /** The tool that reported the error. */
  readonly from: "app" | "tsc";
}
