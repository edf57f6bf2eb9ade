import { setTimeout as sleep } from "node:timers/promises";
import { LockTimeoutError } from "../../../errors.js";
import { SqliteFailure, sqliteResult } from "./sqlite-connection.js";

/** The maximum pause between two attempts, in milliseconds. */
const longestPause = 25;

function isBusy(error: unknown): boolean {
  return error instanceof SqliteFailure && error.result === sqliteResult.busy;
}

/**
 * Repeats the work while another process holds SQLite's lock, until `timeout` milliseconds have passed. SQLite's own
 * `busy_timeout` would stop the event loop for that time.
 */
export async function retryWhileBusy<Result>(
  work: () => Result | Promise<Result>,
  timeout: number,
): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    return retryAfterBusy(work, timeout, error);
  }
}

/** Works like `retryWhileBusy`, after a first attempt that ended with `error`. */
export async function retryAfterBusy<Result>(
  work: () => Result | Promise<Result>,
  timeout: number,
  error: unknown,
): Promise<Result> {
  if (!isBusy(error)) throw error;
  return retry(work, timeout, error);
}

async function retry<Result>(
  work: () => Result | Promise<Result>,
  timeout: number,
  first: unknown,
): Promise<Result> {
  const deadline = performance.now() + timeout;
  let cause = first;
  for (let pause = 1; performance.now() < deadline; pause = Math.min(pause * 2, longestPause)) {
    // The random factor prevents two processes from colliding at every attempt.
    await sleep(pause * (0.5 + Math.random()));
    try {
      return await work();
    } catch (error) {
      if (!isBusy(error)) throw error;
      cause = error;
    }
  }
  throw new LockTimeoutError(
    `The database file was locked by another process for ${timeout} ms; end the other process or its transaction, or raise lockTimeout.`,
    cause,
  );
}
