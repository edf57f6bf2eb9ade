import { availableParallelism } from "node:os";

/** The number of pages for which one more thread saves time. */
const pagesOfWorker = 200;

/**
 * The number of threads to start for a number of pages.
 * @param processors - the number of processors; default: those of this machine
 */
export function countWorkers(pages: number, processors: number = availableParallelism()): number {
  return Math.min(Math.floor(pages / pagesOfWorker), processors - 1, 4);
}
