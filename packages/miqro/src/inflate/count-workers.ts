import { availableParallelism } from "node:os";

/** How many pages are worth a thread. */
const pagesOfWorker = 200;

/**
 * How many threads are worth starting for some pages.
 * @param processors - those of this machine unless given
 */
export function countWorkers(pages: number, processors: number = availableParallelism()): number {
  return Math.min(Math.floor(pages / pagesOfWorker), processors - 1, 4);
}
