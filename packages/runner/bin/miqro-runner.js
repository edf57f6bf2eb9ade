#!/usr/bin/env node
// A signal that comes while the modules are loaded is not lost: as process 1, Node.js would never see it.
import { listenEarly } from "../dist/command/early-signals.js";

const signals = listenEarly();
const { runCommand } = await import("../dist/command/run-command.js");
process.exitCode = await runCommand(process.argv.slice(2), process.env, signals);
