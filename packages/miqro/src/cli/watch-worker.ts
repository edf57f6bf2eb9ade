// The script of the worker under `miqro --watch`: one version of the app.
import type { MiqroOptions } from "../lifecycle/miqro-options.js";
import { runVersion } from "../watch/run-version.js";
import { terminal } from "./terminal.js";

await runVersion(JSON.parse(process.argv[2] ?? "{}") as MiqroOptions, terminal);
