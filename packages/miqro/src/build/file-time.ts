import { statSync } from "node:fs";

// A file system takes the time from the last tick of the kernel, which is up to 10 ms before Date.now().
const tick = 20;

/** Whether the time of a file may be at or after another time. Both are in milliseconds since 1970. */
export function isSince(time: number, since: number): boolean {
  return time + tick >= since;
}

/** Whether a file may have been written at or after a time, in milliseconds since 1970. False if it was deleted. */
export function isWrittenSince(file: string, since: number): boolean {
  const time = timeOf(file);
  return time !== undefined && isSince(time, since);
}

/** The time when a file was written, in milliseconds since 1970; undefined if it was deleted. */
export function timeOf(file: string): number | undefined {
  return statSync(file, { throwIfNoEntry: false })?.mtimeMs;
}
