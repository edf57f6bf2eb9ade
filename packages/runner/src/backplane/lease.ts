import type { Backplane } from "./backplane.js";

// The duration of a lease and the time between renewals, in milliseconds.
const life = 10_000;
const renewal = 3000;

/** Holds a lease as long as possible. No other process of the backplane holds it at the same time. */
export class Lease {
  readonly #backplane: Backplane;
  readonly #name: string;
  /**
   * By the clock of this process, read before the request was sent. After this time another process may hold the lease.
   */
  #until = 0;
  #timer: NodeJS.Timeout | undefined;

  /** Asks for the lease. Resolves with the first answer. */
  static async hold(backplane: Backplane, name: string): Promise<Lease> {
    const lease = new Lease(backplane, name);
    await lease.#renew();
    return lease;
  }

  private constructor(backplane: Backplane, name: string) {
    this.#backplane = backplane;
    this.#name = name;
  }

  get isHeld(): boolean {
    return performance.now() < this.#until;
  }

  /** Gives the lease back, so that another process can get it at once. */
  async release(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const wasHeld = this.isHeld;
    this.#until = 0;
    if (wasHeld) await this.#backplane.release(this.#name);
  }

  async #renew(): Promise<void> {
    const asked = performance.now();
    this.#timer = setTimeout(() => void this.#renew(), renewal).unref();
    const timer = this.#timer;
    const isGranted = await this.#backplane.acquire(this.#name, life).catch(() => false);
    if (isGranted && this.#timer === timer) this.#until = asked + life;
  }
}
