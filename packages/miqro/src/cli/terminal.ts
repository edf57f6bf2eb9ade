import type { Reporter } from "../watch/reporter.js";
import { errorLines, printLine } from "./print-error.js";
import { describeHint, reportListening, reportWait } from "./report.js";

/** Reports to the terminal. */
export const terminal: Reporter = {
  listening: reportListening,
  waiting: reportWait,
  describe: errorLines,
  describeHint,
  info: (line) => console.log(line),
  error: printLine,
  hint: (line) => console.error(line),
};
