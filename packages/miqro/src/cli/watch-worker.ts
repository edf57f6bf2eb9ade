// The script of the worker under `miqro --watch`: one version of the app.
import { runVersion } from "../watch/run-version.js";
import type { CommandArguments } from "./arguments.js";
import { enableSourceMaps, guardOutput } from "./prepare-process.js";
import { terminal } from "./terminal.js";

guardOutput();
enableSourceMaps();
await runVersion(JSON.parse(process.argv[2] ?? "{}") as CommandArguments, terminal);
