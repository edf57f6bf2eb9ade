import type { ListenAddress } from "@miqro/core";
import type { Settings } from "../settings/read-settings.js";

/** The facts that are reported about a start: it began at `startedMS`, as `performance.now()` counts. */
export interface StartReport extends Pick<Settings, "options" | "origins"> {
  readonly startedMS: number;
}

/** Tells a person what happens. The command line gives one that writes to the terminal. */
export interface Reporter {
  /** Tells where the server is. */
  listening(address: ListenAddress, start: StartReport): void;
  /** Tells that a compiler is being waited for: the first file that is missing, and how many are. */
  waiting(file: string, count: number): void;
  /** The errors, a line for each: the file, the error, the remedy. */
  describe(error: unknown): string[];
  /** A hint about a file, as one line. */
  describeHint(file: string, message: string): string;
  info(line: string): void;
  error(line: string): void;
  /** The consequence of an error. */
  hint(line: string): void;
}

/** Tells errors, a line each; those that are indented belong to the one before. */
export function showLines(lines: readonly string[], reporter: Pick<Reporter, "error" | "hint">): void {
  for (const line of lines) {
    if (line.startsWith(" ")) reporter.hint(line);
    else reporter.error(line);
  }
}
