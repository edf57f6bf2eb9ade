import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { MiqroError } from "../errors.js";

const name = ".inflate.lock";

/**
 * The longest time to wait for another run that moves its files, in milliseconds. A run needs one rename for each file.
 */
const patience = 60_000;

/**
 * Waits until no other run moves files into a folder, in this process or in another one.
 * @returns a function that releases the lock
 * @throws {MiqroError} `MIQRO_STATE` if another run does not end in time
 */
export async function lockFolder(folder: string): Promise<() => void> {
  const path = join(folder, name);
  const deadline = performance.now() + patience;
  const owner = JSON.stringify({ pid: process.pid, host: hostname() });
  for (;;) {
    try {
      writeFileSync(path, owner, { flag: "wx" });
      return () => rmSync(path, { force: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
    if (isStale(path)) rmSync(path, { force: true });
    else if (performance.now() > deadline) {
      throw new MiqroError(
        "MIQRO_STATE",
        `Another inflate has not finished writing to ${folder}. If none is running, remove ${path}.`,
      );
    } else await sleep(10);
  }
}

/** Whether the process that made a lock has ended. */
function isStale(path: string): boolean {
  try {
    const { pid, host } = JSON.parse(readFileSync(path, "utf8")) as { pid: number; host: string };
    if (host !== hostname()) return false;
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ESRCH";
  }
}
