// The script of the workers of `miqro-cluster`.
import { runWorker } from "../cluster/run-worker.js";
import type { CommandArguments } from "./arguments.js";
import { enableSourceMaps, guardOutput } from "./prepare-process.js";
import { printCrash } from "./print-error.js";
import { terminal } from "./terminal.js";

guardOutput();
enableSourceMaps();
await runWorker(JSON.parse(process.argv[2] ?? "{}") as CommandArguments, {
  ...terminal,
  crashed: printCrash,
});
