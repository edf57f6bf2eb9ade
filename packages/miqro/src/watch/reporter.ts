import type { ListenAddress } from "@miqro/core";
import type { Settings } from "../settings/read-settings.js";

/** The facts of a report about a start. It began at `startedMS`, in the time of `performance.now()`. */
export interface StartReport extends Pick<Settings, "options" | "origins"> {
  readonly startedMS: number;
}

/** Reports events to the user. The reporter of the command line writes to the terminal. */
export interface Reporter {
  /** Reports the address of the server. */
  listening(address: ListenAddress, start: StartReport): void;
  /** Reports that miqro waits for a compiler: the first missing file, and the number of missing files. */
  waiting(file: string, count: number): void;
  /** Reports errors, one on each line: the file, the error, the remedy. */
  describe(error: unknown): string[];
  /** Reports a hint about a file, in one line. */
  describeHint(file: string, message: string): string;
  info(line: string): void;
  error(line: string): void;
  /** Reports the consequence of an error. */
  hint(line: string): void;
}

/** Reports errors, one on each line. An indented line belongs to the line before it. */
export function showLines(lines: readonly string[], reporter: Pick<Reporter, "error" | "hint">): void {
  for (const line of lines) {
    if (line.startsWith(" ")) reporter.hint(line);
    else reporter.error(line);
  }
}
