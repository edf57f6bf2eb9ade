// The signals that ask a process to end, in the order in which the script's listeners are looked up.
const endings: readonly NodeJS.Signals[] = ["SIGTERM", "SIGINT"];

/**
 * Withholds the signals that end a process from the script of a worker until the worker must end. A terminal and some
 * service managers signal the whole group, but only the primary decides what follows. Otherwise a script that closes
 * its servers on SIGTERM would do so while it still gets requests, and once more when it is drained.
 */
export class SignalGate {
  #open = false;

  constructor() {
    const emit = process.emit;
    const isHeld = (event: unknown): boolean => !this.#open && endings.some((signal) => signal === event);
    process.emit = function (this: NodeJS.Process, ...args: unknown[]): boolean {
      return isHeld(args[0]) || Reflect.apply(emit, this, args);
    } as typeof process.emit;
    // A signal without a listener ends the process before any code runs.
    for (const signal of [...endings, "SIGHUP"]) process.on(signal, ignore);
  }

  /** The signal that the script listens to; `undefined` if it listens to none. */
  get awaited(): NodeJS.Signals | undefined {
    return endings.find((signal) => process.listeners(signal).some((listener) => listener !== ignore));
  }

  /**
   * Calls the script's own listeners in the same way as Node.js does for a signal. If a listener throws, the error is
   * an uncaught error of the script.
   */
  release(signal: NodeJS.Signals): void {
    this.#open = true;
    // Libraries that clean up on exit check whether there are other listeners, and otherwise end the process
    // themselves.
    process.off(signal, ignore);
    setImmediate(() => process.emit(signal, signal));
  }
}

function ignore(): void {}
