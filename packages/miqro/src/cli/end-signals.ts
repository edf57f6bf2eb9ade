/** The signals that end the command. It listens to them from its beginning. */
export interface EndSignals {
  /** Resolves with the first signal. */
  readonly first: Promise<NodeJS.Signals>;
  /** Call this when other code begins to listen. It returns a signal that has already arrived. */
  handOn(): NodeJS.Signals | undefined;
}

/** Listens from now on: the first signal asks for the end, a second one ends the process at once. */
export function listenForEnd(): EndSignals {
  const signals = { SIGTERM: 15, SIGINT: 2 } as const;
  let received: NodeJS.Signals | undefined;
  let tell: (signal: NodeJS.Signals) => void = () => {};
  const first = new Promise<NodeJS.Signals>((resolve) => {
    tell = resolve;
  });
  const onSignal = (signal: NodeJS.Signals): void => {
    if (received !== undefined) process.exit(128 + signals[signal as keyof typeof signals]);
    received = signal;
    tell(signal);
  };
  for (const signal of Object.keys(signals)) process.on(signal, onSignal);
  return {
    first,
    handOn() {
      for (const signal of Object.keys(signals)) process.off(signal, onSignal);
      return received;
    },
  };
}
