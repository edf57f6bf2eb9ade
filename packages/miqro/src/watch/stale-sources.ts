import { relative } from "node:path";
import { timeOf } from "../build/file-time.js";
import { createOutputFinder } from "../build/output-finder.js";
import { scanService } from "../service/scan-service.js";
import type { Reporter } from "./reporter.js";

/** Checks sources that were edited. */
export interface StaleCheck {
  /** Looks for the output of a changed source one second later. A missing output is reported once. */
  check(source: string, output: string | undefined): void;
  close(): void;
}

// tsc needs less time for one file.
const patience = 1000;

/** Makes a check for sources that change during a watch. */
export function createStaleCheck(reporter: Reporter): StaleCheck {
  const timers = new Map<string, NodeJS.Timeout>();
  const told = new Set<string>();
  let late: { readonly source: string; readonly hint: string }[] = [];
  let telling: NodeJS.Timeout | undefined;
  // A checkout changes many files at once, which are reported in one line.
  const tell = (): void => {
    const [first, ...more] = late;
    late = [];
    if (first === undefined) return;
    const others = `${first.source} and ${more.length} more sources have no output, or an older output`;
    reporter.hint(`${more.length === 0 ? first.hint : others}. Is tsc --watch running?`);
  };
  return {
    check(source, output) {
      if (output === undefined || output === source) return;
      clearTimeout(timers.get(source));
      timers.set(
        source,
        setTimeout(() => {
          timers.delete(source);
          if (!isStale(source, output)) told.delete(source);
          else if (!told.has(source)) {
            told.add(source);
            const what = timeOf(output) === undefined ? "has no output yet" : "is newer than its output";
            late.push({ source: fromHere(source), hint: `${fromHere(source)} ${what}, ${fromHere(output)}` });
            if (late.length === 1) telling = setTimeout(tell, 100);
          }
        }, patience),
      );
    },
    close() {
      clearTimeout(telling);
      for (const timer of timers.values()) clearTimeout(timer);
    },
  };
}

/**
 * Reports in one line the sources that are newer than their outputs. miqro waits for missing outputs, and reports them
 * after that.
 */
export async function tellStaleAtStart(services: readonly string[], reporter: Reporter): Promise<void> {
  const outputs = createOutputFinder();
  const stale: string[] = [];
  for (const path of services) {
    const { service } = await scanService(path, outputs);
    const { configs, http, found, migrations } = service;
    for (const { source, file } of [...configs.values(), ...http, ...found, ...migrations]) {
      // A checkout gives all files nearly the same time.
      if (
        isStale(source, file) &&
        (timeOf(source) ?? 0) > (timeOf(file) ?? Number.POSITIVE_INFINITY) + patience
      ) {
        stale.push(source);
      }
    }
  }
  const [first] = stale;
  if (first === undefined) return;
  const others =
    stale.length > 1
      ? ` and ${stale.length - 1} more are newer than their outputs`
      : " is newer than its output";
  reporter.hint(`${fromHere(first)}${others}. Is tsc --watch running?`);
}

function isStale(source: string, output: string): boolean {
  const written = timeOf(source);
  return written !== undefined && source !== output && (timeOf(output) ?? 0) < written;
}

function fromHere(path: string): string {
  const seen = relative(process.cwd(), path);
  return seen.startsWith("..") ? path : seen;
}
