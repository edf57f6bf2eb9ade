/**
 * Wraps a task so that overlapping calls share runs: one runs, and all calls made meanwhile wait for one
 * more run, which begins when the first has ended, well or not.
 */
export function coalesce(task: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined;
  let queued: Promise<void> | undefined;

  function begin(): Promise<void> {
    queued = undefined;
    running = task().finally(() => {
      running = undefined;
    });
    return running;
  }

  return function run() {
    if (queued !== undefined) return queued;
    if (running === undefined) return begin();
    queued = running.then(begin, begin);
    return queued;
  };
}
