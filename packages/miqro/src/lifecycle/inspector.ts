import * as inspector from "node:inspector";
import { createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { isWorker, workerCount, workerNumber } from "@miqro/runner/worker";

const firstPort = 9229;
// The predecessor of this worker closes its port when it ends.
const lookEvery = 50;

/**
 * Lets debuggers into this process: worker 0 at the given port, each other one as many ports further as its number. A
 * successor has the port of its predecessor, as soon as that leaves it. Node.js tells the address.
 * @param where - the port, `HOST:PORT`, or true for 9229 of this machine
 */
export async function openInspector(where: string | boolean): Promise<void> {
  if (where === false || inspector.url() !== undefined) return;
  const [, host = "127.0.0.1", base] =
    where === true ? [] : (/^(?:(.*):)?(\d+)$/.exec(where.replace(/[[\]]/g, "")) ?? []);
  const port = base === "0" ? 0 : Number(base ?? firstPort) + workerNumber();
  const open = (): void => {
    if (workerCount() > 1) console.error(`Worker ${workerNumber()}, process ${process.pid}:`);
    inspector.open(port, host);
  };
  if (await isFree(port, host)) open();
  else if (!isWorker())
    throw new Error(`Port ${port} of the debugger is taken. Choose another: --inspect=PORT.`);
  else void openLater(port, host, open);
}

/** Leaves the port to the successor. */
export function closeInspector(): void {
  isOver = true;
  if (inspector.url() === undefined) return;
  // A debugger that is attached would be waited for.
  setImmediate(() => inspector.close());
}

let isOver = false;

async function openLater(port: number, host: string, open: () => void): Promise<void> {
  while (!isOver) {
    await sleep(lookEvery, undefined, { ref: false });
    if (!isOver && (await isFree(port, host))) return open();
  }
}

/** Asks the system, and not the primary, which shares ports among workers. */
function isFree(port: number, host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(true)));
  });
}
