import type { Writable } from "node:stream";

/**
 * Has the process outlive the reader of its output: after `server | head`, a restarted log collector or a full disk,
 * lines are lost, but what serves goes on. Without it the next `process.stdout.write` ends the process.
 */
export function guardOutput(streams: readonly Writable[] = [process.stdout, process.stderr]): void {
  for (const stream of streams) stream.on("error", () => {});
}
