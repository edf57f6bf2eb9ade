// Node.js runs this module before the script of a worker (`--import`), in the worker and in each thread and child
// process that inherits the argument. In those threads and processes it finds no settings and does nothing.
import { workerLink } from "./worker-link.js";

const link = workerLink();
if (link.preload !== undefined) await import(link.preload);
await link.turn;
