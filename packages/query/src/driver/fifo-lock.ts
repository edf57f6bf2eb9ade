interface Waiter {
  readonly enter: () => void;
  readonly timer: NodeJS.Timeout;
}

/** A lock with one holder. Waiting callers get the lock in the order of their calls. */
export class FifoLock {
  #held = false;
  // A Set keeps the order of the waiters, and a waiter whose timeout expires can be removed quickly.
  readonly #waiters: Set<Waiter> = new Set();

  /** Takes the lock if it is free. Returns whether it was free, without a promise. */
  tryAcquire(): boolean {
    if (this.#held) return false;
    this.#held = true;
    return true;
  }

  /**
   * Resolves when the caller has the lock. After `timeout` milliseconds, rejects with the error that `onTimeout`
   * returns.
   */
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

  /** Releases the lock, and gives it to the next waiter. */
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
