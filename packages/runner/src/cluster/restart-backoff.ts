/** The settings for restarts of a worker that ended. */
export interface BackoffOptions {
  /**
   * Milliseconds before the second restart. The first restart is immediate, and each further restart waits twice as
   * long.
   */
  readonly restartDelay: number;
  /** Upper bound of the delay in milliseconds. */
  readonly maxRestartDelay: number;
  /** Crashes in a row after which there is no further restart. */
  readonly maxCrashes: number;
  /** A worker that lived this many milliseconds and then ends begins a new count of crashes. */
  readonly minUptime: number;
}

/** Counts crashes in a row and gives the delay before the next start. */
export class RestartBackoff {
  readonly #options: BackoffOptions;
  #crashes = 0;

  constructor(options: BackoffOptions) {
    this.#options = options;
  }

  get crashes(): number {
    return this.#crashes;
  }

  /** Records a crash after `uptime` milliseconds. Returns the delay, or `undefined` to give up. */
  next(uptime: number): number | undefined {
    const { restartDelay, maxRestartDelay, maxCrashes, minUptime } = this.#options;
    this.#crashes = uptime >= minUptime ? 1 : this.#crashes + 1;
    if (this.#crashes >= maxCrashes) return undefined;
    // A healthy worker that dies once is replaced at once, because waiting would only lose requests.
    return this.#crashes === 1 ? 0 : Math.min(restartDelay * 2 ** (this.#crashes - 2), maxRestartDelay);
  }

  reset(): void {
    this.#crashes = 0;
  }
}
