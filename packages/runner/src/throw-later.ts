/** Reports an error of a listener as an uncaught error, without affecting the caller of the listener. */
export function throwLater(error: unknown): void {
  process.nextTick(() => {
    throw error;
  });
}
