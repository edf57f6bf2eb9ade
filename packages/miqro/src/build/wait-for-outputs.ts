import { stat } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import type { Output } from "./output-finder.js";

/** How to wait for a compiler that is still at work. */
export interface WaitOptions {
  /** The longest time to wait, in milliseconds; `Infinity` waits until all outputs exist. */
  readonly timeout: number;
  readonly signal?: AbortSignal;
  /** Called once, if there is something to wait for. */
  onWait?(missing: readonly Output[]): void;
}

const pollInterval = 50;

/**
 * Waits until every output exists. If it had to wait, it waits until the compiler has written nothing for one more
 * interval, because a new file may be incomplete.
 * @returns the outputs that are still missing when the time has passed
 */
export async function waitForOutputs(outputs: readonly Output[], options: WaitOptions): Promise<Output[]> {
  const deadline = performance.now() + options.timeout;
  let missing = await missingOutputs(outputs);
  if (missing.length === 0) return [];
  options.onWait?.(missing);
  while (missing.length > 0 && performance.now() < deadline) {
    await sleep(pollInterval, undefined, options.signal === undefined ? {} : { signal: options.signal });
    missing = await missingOutputs(missing);
  }
  for (let before = "", now = await stamp(outputs); missing.length === 0 && now !== before; ) {
    await sleep(pollInterval, undefined, options.signal === undefined ? {} : { signal: options.signal });
    [before, now] = [now, await stamp(outputs)];
  }
  return missing;
}

async function missingOutputs(outputs: readonly Output[]): Promise<Output[]> {
  const present = await Promise.all(
    outputs.map(({ source, file }) =>
      stat(file).then(
        // A complete output is never empty. It is empty for a moment when the compiler begins to write it.
        ({ size }) => size > 0 || source === file,
        () => false,
      ),
    ),
  );
  return outputs.filter((_, index) => present[index] === false);
}

async function stamp(outputs: readonly Output[]): Promise<string> {
  const stats = await Promise.all(outputs.map(({ file }) => stat(file).catch(() => undefined)));
  return stats.map((found) => `${found?.mtimeMs}:${found?.size}`).join();
}
