import { Comparison } from "./compare.ts";

/** Does the work once, and may take its time; `index` counts the runs. */
export type AwaitedContestant = (index: number) => unknown;

/** How a comparison is run. */
export interface CompareAwaitedOptions {
  /** How many slices count. Default: 40. */
  readonly slices?: number;
  /** How long a slice is about, in milliseconds. Default: 20. */
  readonly sliceTime?: number;
}

/** As `compare`, for contestants that return promises: what one returns is awaited before the next run. */
export async function compareAwaited(
  contestants: Readonly<Record<string, AwaitedContestant>>,
  { slices = 40, sliceTime = 20 }: CompareAwaitedOptions = {},
): Promise<Comparison> {
  const entries = Object.entries(contestants).map(([name, run]) => ({ name, run, times: [] as number[] }));
  for (const { run } of entries) await runSlice(run, sliceTime * 10);
  for (let round = 0; round < slices; round++) {
    for (let turn = 0; turn < entries.length; turn++) {
      const entry = entries[(turn + round) % entries.length];
      entry?.times.push(await runSlice(entry.run, sliceTime));
    }
  }
  return new Comparison(new Map(entries.map(({ name, times }) => [name, times])), slices);
}

/** The time of one run, in nanoseconds. Contestants that return no promise are not made to wait for one. */
async function runSlice(run: AwaitedContestant, sliceTime: number): Promise<number> {
  const started = performance.now();
  let count = 0;
  let time = 0;
  const isAwaited = run(0) instanceof Promise;
  while (time < sliceTime) {
    if (isAwaited) for (let batch = 0; batch < 16; batch++) await run(++count);
    else for (let batch = 0; batch < 16; batch++) run(++count);
    time = performance.now() - started;
  }
  return (time * 1e6) / count;
}
