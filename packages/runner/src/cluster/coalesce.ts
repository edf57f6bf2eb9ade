/**
 * Wraps a task so that overlapping calls share runs: one run is active, and all calls during this run wait for one
 * further run. The further run begins when the first run has ended, with or without an error.
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
