import { type Stats, stat, statSync } from "node:fs";

// In milliseconds. A disk that answers from memory takes a thousandth of it.
const slow = 10;
const slowFor = 10_000;

/** Until when the disk is not to be waited for. */
let asynchronousUntil = 0;

const silent = { throwIfNoEntry: false } as const;

/**
 * What the disk says of a path, following links; `undefined` where nothing is. The answer is there at once while the disk
 * answers from memory, which takes a fifth of the time. After one that took long, others wait aside for a while, so
 * that a slow disk stops no other request.
 */
export function readStats(path: string): Stats | undefined | Promise<Stats | undefined> {
  const before = performance.now();
  if (before < asynchronousUntil) return readAside(path);
  const stats = statSync(path, silent);
  const after = performance.now();
  if (after - before > slow) asynchronousUntil = after + slowFor;
  return stats;
}

function readAside(path: string): Promise<Stats | undefined> {
  return new Promise((resolve, reject) => {
    stat(path, (error, stats) => {
      if (error === null) resolve(stats);
      else if (error.code === "ENOENT" || error.code === "ENOTDIR") resolve(undefined);
      else reject(error);
    });
  });
}
