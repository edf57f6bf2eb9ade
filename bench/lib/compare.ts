import { median } from "./median.ts";

/** Does the work once. What it returns is kept, so that the engine cannot leave the work out. */
export type Contestant = () => unknown;

/** How a comparison is run. */
export interface CompareOptions {
  /** How many slices count. Default: 100. */
  readonly slices?: number;
  /** How many go before, for the engine to compile what is hot. Default: 40. */
  readonly warmUp?: number;
  /** How long a slice is about, in milliseconds. Default: 3. */
  readonly sliceTime?: number;
}

/** The times of all contestants, slice by slice. */
export class Comparison {
  readonly slices: number;
  readonly #times: ReadonlyMap<string, readonly number[]>;

  constructor(times: ReadonlyMap<string, readonly number[]>, slices: number) {
    this.#times = times;
    this.slices = slices;
  }

  get names(): readonly string[] {
    return [...this.#times.keys()];
  }

  /** The median time of one run, in nanoseconds. */
  time(name: string): number {
    return median(this.#of(name));
  }

  /** How fast one is as a part of another's speed: the median over the slices that ran beside each other. */
  speed(name: string, baseline: string): number {
    const others = this.#of(baseline);
    return median(this.#of(name).map((time, index) => (others[index] ?? 0) / time));
  }

  /** The one with the least median time. */
  fastest(names: readonly string[]): string {
    return [...names].sort((left, right) => this.time(left) - this.time(right))[0] ?? "";
  }

  #of(name: string): readonly number[] {
    const times = this.#times.get(name);
    if (times === undefined) throw new RangeError(`There is no contestant ${name}.`);
    return times;
  }
}

/** Runs contestants in short slices, each in turn, in an order that changes from round to round. */
export function compare(
  contestants: Readonly<Record<string, Contestant>>,
  { slices = 100, warmUp = 40, sliceTime = 3 }: CompareOptions = {},
): Comparison {
  const entries = Object.entries(contestants).map(([name, run]) => ({
    name,
    run,
    count: 1,
    times: [] as number[],
  }));
  for (const entry of entries) entry.count = calibrate(entry.run, sliceTime);
  for (let round = 0; round < warmUp + slices; round++) {
    if (round === warmUp / 2) for (const entry of entries) entry.count = calibrate(entry.run, sliceTime);
    for (let index = 0; index < entries.length; index++) {
      const entry = entries[(index + round) % entries.length];
      if (entry === undefined) continue;
      const time = runSlice(entry.run, entry.count);
      if (round >= warmUp) entry.times.push(time);
    }
  }
  return new Comparison(new Map(entries.map(({ name, times }) => [name, times])), slices);
}

/** Read by nobody, yet the engine cannot know. */
export let kept: unknown;

/** The time of one run, in nanoseconds. */
function runSlice(run: Contestant, count: number): number {
  const started = process.hrtime.bigint();
  for (let index = 0; index < count; index++) kept = run();
  return Number(process.hrtime.bigint() - started) / count;
}

function calibrate(run: Contestant, sliceTime: number): number {
  let count = 1;
  for (;;) {
    const time = runSlice(run, count) * count;
    if (time > sliceTime * 250_000) return Math.max(1, Math.round((count * sliceTime * 1e6) / time));
    count *= 2;
  }
}
