/** The signals that came before anybody else listened to them. */
export interface EarlySignals {
  readonly received: readonly NodeJS.Signals[];
  /** To be called when somebody else listens; a signal that comes in between would be lost. */
  handOn(): void;
}

/** Listens from now on to the signals with which the command is told what to do. */
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
