#!/usr/bin/env node
// Written so that any Node.js can load it; what needs a newer one is imported below.
import { listenForEnd } from "../dist/cli/end-signals.js";

const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`miqro: Node.js ${process.versions.node} is too old. Install 20.19 or newer.`);
  process.exit(10);
}
// A signal that comes while modules are loaded is not lost: as process 1, Node.js would never see it.
const signals = listenForEnd();
process.on("SIGHUP", () => {}); // Nothing runs yet that could be replaced.
const { main } = await import("../dist/cli/main.js");
process.exitCode = await main(process.argv.slice(2), signals, "cluster");
setTimeout(() => process.exit(), 1000).unref(); // What a service left running must not hold it.
