// The script of the process that runs tests under `miqro --test`.
import { exitCodes, MiqroError } from "../errors.js";
import type { MiqroOptions } from "../lifecycle/miqro-options.js";
import { runTestFiles } from "../testing/run-test-files.js";
import { enableSourceMaps, guardOutput } from "./prepare-process.js";
import { printError } from "./print-error.js";
import { reportHint, reportWait } from "./report.js";

guardOutput();
enableSourceMaps();
try {
  const options = JSON.parse(process.argv[2] ?? "{}") as MiqroOptions;
  await runTestFiles({
    ...options,
    onCompileWait: reportWait,
    onHint: reportHint,
    // The parent process watches the compiled files.
    onCompiled: (files) => void process.send?.({ files }),
  });
  if (process.connected) process.disconnect();
} catch (error) {
  printError(error);
  const isNone = error instanceof MiqroError && error.code === "MIQRO_TEST";
  process.exit(isNone ? exitCodes.tests : exitCodes.start);
}
