import { stat } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import type { Output } from "./output-finder.js";

/** How to wait for a compiler that is still at work. */
export interface WaitOptions {
  /** How long at the most, in milliseconds; `Infinity` waits until they are there. */
  readonly timeout: number;
  readonly signal?: AbortSignal;
  /** Called once, when there is something to wait for. */
  onWait?(missing: readonly Output[]): void;
}

const pollInterval = 50;

/**
 * Waits until every output exists and, where it had to wait, until the compiler has written nothing for one
 * more interval: a file that exists may still be half written.
 * @returns the outputs that are still missing when the time is up.
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
        // An output is never empty, but it is while the compiler is about to write it.
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
