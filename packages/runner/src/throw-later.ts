/** Has an error of a listener end up where uncaught errors do, without harm to who called the listener. */
export function throwLater(error: unknown): void {
  process.nextTick(() => {
    throw error;
  });
}
