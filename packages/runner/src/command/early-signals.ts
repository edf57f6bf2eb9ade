/** The signals that arrived before another listener was added. */
export interface EarlySignals {
  readonly received: readonly NodeJS.Signals[];
  /** Ends this listener. Add the next listener before the call: without any listener, a signal would end the process. */
  handOn(): void;
}

/** Listens from now on to the signals that control the command. */
export function listenEarly(): EarlySignals {
  const signals: readonly NodeJS.Signals[] = ["SIGTERM", "SIGINT", "SIGHUP"];
  const received: NodeJS.Signals[] = [];
  const note = (signal: NodeJS.Signals): void => void received.push(signal);
  for (const signal of signals) process.on(signal, note);
  return {
    received,
    handOn() {
      for (const signal of signals) process.off(signal, note);
    },
  };
}
