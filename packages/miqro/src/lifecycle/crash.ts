/** An event that would end the process: an exception, or a rejected promise, that nobody handles. */
export interface Crash {
  readonly error: unknown;
  /** The beginning of a sentence about it. */
  readonly what: string;
}

/**
 * Calls back for exceptions and rejections that nobody handles; the process is not ended by them any more. Where the
 * app listens to them itself, it is left to the app.
 * @returns a function that ends it
 */
export function onCrash(callback: (crash: Crash) => void): () => void {
  const onException = (error: unknown): void => {
    if (process.listenerCount("uncaughtException") > 1) return;
    callback({ error, what: "An exception that nothing catches" });
  };
  const onRejection = (error: unknown): void => {
    if (process.listenerCount("unhandledRejection") > 1) return;
    callback({ error, what: "A rejected promise that nothing awaits" });
  };
  process.on("uncaughtException", onException).on("unhandledRejection", onRejection);
  return () => {
    process.off("uncaughtException", onException).off("unhandledRejection", onRejection);
  };
}
