// The first module of an executable: it starts a worker, or the command line.
import { pathToFileURL } from "node:url";
import { carriedFiles } from "./carried.js";
import { installFileOverlay } from "./file-overlay.js";

const carried = carriedFiles();
if (!carried.isUnpacked) installFileOverlay(carried);
const worker = takeWorkerArguments();
if (worker !== undefined) {
  for (const url of worker) await import(url);
} else {
  const { listenForEnd } = await import("../cli/end-signals.js");
  // A signal that arrives while modules are loaded is not lost.
  const signals = listenForEnd();
  const { runExecutable } = await import("./run-executable.js");
  process.exitCode = await runExecutable(process.argv.slice(2), signals);
  // Timers and sockets that a service left open must not keep a finished process alive.
  setTimeout(() => process.exit(), 1000).unref();
}

/**
 * The URLs of the modules of a worker, if this process is a worker. A cluster starts its workers as Node.js is started:
 * by flags, a script and its arguments. An executable has no flags of Node.js, so they are read here. Only carried
 * modules can be named.
 */
function takeWorkerArguments(): readonly string[] | undefined {
  const root = pathToFileURL(carried.root).href;
  const [program = "", , ...args] = process.argv;
  const modules: string[] = [];
  while (args[0] === "--import" && args[1]?.startsWith(root) === true)
    modules.push(...args.splice(0, 2).slice(1));
  const [script, ...rest] = args;
  if (script?.startsWith(carried.root) !== true) return undefined;
  process.argv = [program, script, ...rest];
  return [...modules, pathToFileURL(script).href];
}
