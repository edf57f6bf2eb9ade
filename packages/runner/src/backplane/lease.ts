import type { Backplane } from "./backplane.js";

// How long a lease lasts, and how often it is renewed, in milliseconds.
const life = 10_000;
const renewal = 3000;

/** Holds a lease as long as it can, for this process alone among all of the backplane. */
export class Lease {
  readonly #backplane: Backplane;
  readonly #name: string;
  /** By the clock of this process, from before the question was sent: later than it, another process may hold it. */
  #until = 0;
  #timer: NodeJS.Timeout | undefined;

  /** Asks for the lease; resolves when the first answer is there. */
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

  /** Gives the lease back, so that another process can have it at once. */
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
