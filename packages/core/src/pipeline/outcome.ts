import type { AsyncScope } from "../exchange/served.js";

type Settle<T> = (value: T) => void;

/**
 * What an asynchronous step comes to, told to the pipeline at once: no promise is made on the way, and no turn of the
 * microtask queue waited for. For everybody else it is a thenable like any other.
 */
export class Outcome<T> implements PromiseLike<T> {
  #settled: "no" | "value" | "error" = "no";
  #result: unknown;
  #onValue: Settle<T> | undefined;
  #onError: Settle<unknown> | undefined;
  #scope: AsyncScope | undefined;

  /** Tells the one who listens, in a context of his; what he throws is his own matter. */
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

  // biome-ignore lint/suspicious/noThenProperty: whoever calls a body parser by hand awaits it
  then<A = T, B = never>(
    onValue?: ((value: T) => A | PromiseLike<A>) | null,
    onError?: ((error: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    return new Promise<T>((resolve, reject) => this.listen(resolve, reject)).then(onValue, onError);
  }
}

/**
 * The promise of a reply method, which a handler need not wait for. Who waits gets its error as from any promise; an
 * error that nobody waits for is told here, in place of ending the process.
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

  // What is made of it by `then` is wrapped below, since the constructor of this class takes more than an executor.
  static override get [Symbol.species](): PromiseConstructor {
    return Promise;
  }

  // `await` comes here too, because the class is not that of the engine.
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
 * Tells what a thenable comes to, once, in the context of the caller. Other thenables than promises may call back in any
 * context, at once, twice or never, and may throw: the engine sees to that.
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
