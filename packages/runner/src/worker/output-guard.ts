import type { Writable } from "node:stream";

/**
 * Keeps the process running when the reader of its output ends, for example after `server | head`, when a log collector
 * restarts, or when the disk is full. Lines are then lost, but the server continues. Without this guard, the
 * next `process.stdout.write` would end the process.
 */
export function guardOutput(streams: readonly Writable[] = [process.stdout, process.stderr]): void {
  for (const stream of streams) stream.on("error", () => {});
}
