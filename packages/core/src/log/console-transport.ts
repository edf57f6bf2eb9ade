import { flushStandard, writeStandard } from "./standard-stream.js";
import type { LogRecord, LogTransport } from "./types.js";

/** Writes errors and warnings to stderr, and the rest to stdout. */
export class ConsoleTransport implements LogTransport {
  /** Writes the line of a record: errors and warnings to stderr, the rest to stdout. */
  write(record: LogRecord): void {
    const isUrgent = record.level === "error" || record.level === "warn";
    writeStandard(isUrgent ? "stderr" : "stdout", `${record.out}\n`);
  }

  /** Resolves when the readers of stdout and stderr have taken all lines so far, or have gone. */
  async flush(): Promise<void> {
    await Promise.all([flushStandard("stdout"), flushStandard("stderr")]);
  }
}
