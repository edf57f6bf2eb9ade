import type { Writable } from "node:stream";

/**
 * Keeps the process alive when the reader of its output ends: after `server | head`, a restarted log collector or a
 * full disk, lines are lost, but the server continues. Without it the next `process.stdout.write` ends the process.
 */
export function guardOutput(streams: readonly Writable[] = [process.stdout, process.stderr]): void {
  for (const stream of streams) stream.on("error", () => {});
}
