import type { AsyncScope } from "../exchange/served.js";

type Settle<T> = (value: T) => void;

/**
 * The result of an asynchronous step. The pipeline gets it at once: without a promise, and without a turn of the
 * microtask queue. For other code it is a normal thenable.
 */
export class Outcome<T> implements PromiseLike<T> {
  #settled: "no" | "value" | "error" = "no";
  #result: unknown;
  #onValue: Settle<T> | undefined;
  #onError: Settle<unknown> | undefined;
  #scope: AsyncScope | undefined;

  /** Reports the result to one listener, in the listener's own context. Errors of the listener are not handled here. */
  listen(onValue: Settle<T>, onError: Settle<unknown>, scope?: AsyncScope): void {
    if (this.#settled === "value") onValue(this.#result as T);
    else if (this.#settled === "error") onError(this.#result);
    else {
      this.#onValue = onValue;
      this.#onError = onError;
      this.#scope = scope;
    }
  }

  resolve(value: T): void {
    if (this.#settled !== "no") return;
    this.#settled = "value";
    this.#result = value;
    if (this.#onValue !== undefined) this.#tell(this.#onValue, value);
  }

  reject(error: unknown): void {
    if (this.#settled !== "no") return;
    this.#settled = "error";
    this.#result = error;
    if (this.#onError !== undefined) this.#tell(this.#onError, error);
  }

  #tell<Told>(settle: Settle<Told>, told: Told): void {
    if (this.#scope === undefined) settle(told);
    else this.#scope.runInAsyncScope(settle, undefined, told);
  }

  // biome-ignore lint/suspicious/noThenProperty: a program that calls a body parser by hand awaits it
  then<A = T, B = never>(
    onValue?: ((value: T) => A | PromiseLike<A>) | null,
    onError?: ((error: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    return new Promise<T>((resolve, reject) => this.listen(resolve, reject)).then(onValue, onError);
  }
}

/**
 * The promise of a reply method. A handler need not await it. If it is awaited, the caller gets its error as from any
 * promise. Otherwise the error is reported here, and does not end the process.
 */
export class ReplyPromise<T> extends Promise<T> {
  readonly #onLost: (error: unknown) => void;
  #isAwaited = false;

  constructor(
    executor: (resolve: (value: T | PromiseLike<T>) => void, reject: (error: unknown) => void) => void,
    onLost: (error: unknown) => void,
  ) {
    super(executor);
    this.#onLost = onLost;
    super.then(undefined, (error) => {
      if (!this.#isAwaited) onLost(error);
    });
  }

  // `then` wraps the promises that it makes, because the constructor of this class needs more than an executor.
  static override get [Symbol.species](): PromiseConstructor {
    return Promise;
  }

  // `await` also calls this method, because the class is not the engine's own promise.
  // biome-ignore lint/suspicious/noThenProperty: it is a promise
  override then<A = T, B = never>(
    onValue?: ((value: T) => A | PromiseLike<A>) | null,
    onError?: ((error: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    this.#isAwaited = true;
    const next = super.then(onValue, onError);
    return new ReplyPromise((resolve) => resolve(next), this.#onLost);
  }
}

/**
 * Reports the result of a thenable once, in the context of the caller. A thenable that is not a promise may call back
 * in any context, at once, twice or never, and may throw. The engine handles these cases.
 */
export function whenSettled(
  value: PromiseLike<unknown>,
  onValue: (value: unknown) => void,
  onError: (error: unknown) => void,
): void {
  const promise = value instanceof Promise ? value : Promise.resolve(value);
  promise.then(onValue, onError);
}

/** Whether a value is a promise, or anything else with a `then`. */
export function isThenable(value: unknown): value is PromiseLike<unknown> {
  const mayHave = (typeof value === "object" && value !== null) || typeof value === "function";
  return mayHave && "then" in value && typeof value.then === "function";
}
