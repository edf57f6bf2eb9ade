/** An event that would end the process: an exception, or a rejected promise, that nobody handles. */
export interface Crash {
  readonly error: unknown;
  /** The beginning of a sentence about the event. */
  readonly what: string;
}

/**
 * Calls back for exceptions and rejections that nobody handles. They no longer end the process. If the app itself
 * listens to these events, it must handle them.
 * @returns a function that stops listening
 */
export function onCrash(callback: (crash: Crash) => void): () => void {
  const onException = (error: unknown): void => {
    if (process.listenerCount("uncaughtException") > 1) return;
    callback({ error, what: "An uncaught exception" });
  };
  const onRejection = (error: unknown): void => {
    if (process.listenerCount("unhandledRejection") > 1) return;
    callback({ error, what: "An unhandled rejection of a promise" });
  };
  process.on("uncaughtException", onException).on("unhandledRejection", onRejection);
  return () => {
    process.off("uncaughtException", onException).off("unhandledRejection", onRejection);
  };
}
