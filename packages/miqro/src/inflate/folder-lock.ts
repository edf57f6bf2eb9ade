import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { MiqroError } from "../errors.js";

const name = ".inflate.lock";

/**
 * How long to wait for another run to move its files, in milliseconds: that takes as many renames as there are files.
 */
const patience = 60_000;

/**
 * Waits until no other run moves files into a folder, here or in another process.
 * @returns a function that lets the next one go on
 * @throws {MiqroError} `MIQRO_STATE` when another run does not come to its end
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

/** Whether the process that made a lock is gone. */
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
