import { Logger } from "@miqro/core";

const waiting = new Set<string>();

/** How long the work of an app may take before it is named, in milliseconds. */
export const patience = 10_000;

/**
 * Does work of the app's own, and notes meanwhile what is being waited for: a promise that never settles would end
 * the process, or hold up its start, without a word.
 * @param what - the subject of a sentence, such as `loading app/db.ts`
 */
export async function waitFor<T>(what: string, work: () => T): Promise<Awaited<T>> {
  waiting.add(what);
  const timer = setTimeout(() => {
    new Logger("MIQRO").warn("%s has not come to its end after %d seconds.", what, patience / 1000);
  }, patience);
  timer.unref();
  try {
    return await work();
  } finally {
    clearTimeout(timer);
    waiting.delete(what);
  }
}

/** What is being waited for, the latest last. */
export function waitingFor(): readonly string[] {
  return [...waiting];
}
