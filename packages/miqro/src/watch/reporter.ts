import type { ListenAddress } from "@miqro/core";

/** Tells a person what happens. The command line gives one that writes to the terminal. */
export interface Reporter {
  /** Tells where the server is, the variable that gave its port, and how long it took from `startedMS`, as `performance.now()` counts. */
  listening(address: ListenAddress, startedMS: number, portFrom?: string): void;
  /** Tells that a compiler is being waited for: the first file that is missing, and how many are. */
  waiting(file: string, count: number): void;
  /** What went wrong, a line for each thing: file, what is wrong, what to do. */
  describe(error: unknown): string[];
  /** A hint about a file, as one line. */
  describeHint(file: string, message: string): string;
  info(line: string): void;
  error(line: string): void;
  /** What follows from an error. */
  hint(line: string): void;
}
