#!/usr/bin/env node
import { main } from "../dist/cli/main.js";

const code = await main(process.argv.slice(2));
process.exitCode = code;
// What a service left running must not keep a finished process alive.
setTimeout(() => process.exit(code), 1000).unref();
