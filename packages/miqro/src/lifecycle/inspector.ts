import * as inspector from "node:inspector";
import { createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { isWorker, workerCount, workerNumber } from "@miqro/runner/worker";

const firstPort = 9229;
// The predecessor of this worker closes its inspector port when it ends.
const lookEvery = 50;

/**
 * Opens an inspector port in this process: the given port for worker 0, and the port plus N for worker N. A successor
 * opens the port of its predecessor as soon as the predecessor has closed it. Node.js prints the address.
 * @param where - the port, `HOST:PORT`, or true for port 9229 of this machine
 */
export async function openInspector(where: string | boolean): Promise<void> {
  if (where === false || inspector.url() !== undefined) return;
  const [, host = "127.0.0.1", base] =
    where === true ? [] : (/^(?:(.*):)?(\d+)$/.exec(where.replace(/[[\]]/g, "")) ?? []);
  const port = base === "0" ? 0 : Number(base ?? firstPort) + workerNumber();
  const open = (): void => {
    inspector.open(port, host);
    // The lines of several workers may arrive in any order.
    if (workerCount() > 1)
      console.error(`Worker ${workerNumber()}, process ${process.pid}: ${inspector.url()}`);
  };
  if (await isFree(port, host)) open();
  else if (!isWorker())
    throw new Error(`Port ${port} of the debugger is already in use. Choose another port: --inspect=PORT.`);
  else void openLater(port, host, open);
}

/** Closes the port for the successor. */
export function closeInspector(): void {
  isOver = true;
  if (inspector.url() === undefined) return;
  // Otherwise Node.js would wait for an attached debugger.
  setImmediate(() => inspector.close());
}

let isOver = false;

async function openLater(port: number, host: string, open: () => void): Promise<void> {
  while (!isOver) {
    await sleep(lookEvery, undefined, { ref: false });
    if (!isOver && (await isFree(port, host))) return open();
  }
}

/** Checks the port with the system, and not with the primary, which shares ports among workers. */
function isFree(port: number, host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(true)));
  });
}
