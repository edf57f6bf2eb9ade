interface Waiter {
  readonly enter: () => void;
  readonly timer: NodeJS.Timeout;
}

/** One holder at a time; the others wait in the order in which they came. */
export class FifoLock {
  #held = false;
  // A Set keeps the order and lets a waiter that gives up leave from the middle.
  readonly #waiters: Set<Waiter> = new Set();

  /** Takes the lock if it is free, without waiting and without a promise. */
  tryAcquire(): boolean {
    if (this.#held) return false;
    this.#held = true;
    return true;
  }

  /** Resolves when the lock is held. After `timeout` milliseconds, it rejects with the error that `onTimeout` makes. */
  acquire(timeout: number, onTimeout: () => Error): Promise<void> {
    if (this.tryAcquire()) return Promise.resolve();
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#waiters.delete(waiter);
        reject(onTimeout());
      }, timeout);
      const waiter: Waiter = { enter: resolve, timer };
      this.#waiters.add(waiter);
    });
  }

  /** Passes the lock to the next waiter. */
  release(): void {
    if (this.#waiters.size === 0) {
      this.#held = false;
      return;
    }
    const [next] = this.#waiters as unknown as [Waiter];
    this.#waiters.delete(next);
    clearTimeout(next.timer);
    next.enter();
  }
}
