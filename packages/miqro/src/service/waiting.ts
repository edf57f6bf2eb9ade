const waiting = new Set<string>();

/**
 * Does work of the app's own, and notes meanwhile what is being waited for: a promise that never settles would end
 * the process without a word.
 * @param what - the subject of a sentence, such as `loading app/db.ts`
 */
export async function waitFor<T>(what: string, work: () => T): Promise<Awaited<T>> {
  waiting.add(what);
  try {
    return await work();
  } finally {
    waiting.delete(what);
  }
}

/** What is being waited for, the latest last. */
export function waitingFor(): readonly string[] {
  return [...waiting];
}
