/** How often a line of a terminal is drawn, in milliseconds. */
const drawEvery = 80;
/** How often another output gets a line, in milliseconds. */
const lineEvery = 5000;

/** Tells how far long work has come: in one line of a terminal that changes, or in a line now and then elsewhere. */
export interface Progress {
  tell(done: number, total: number, what: string): void;
  /** Takes the line of a terminal away. */
  end(): void;
}

/** @param doing - such as `Inflating` */
export function createProgress(doing: string, output: NodeJS.WriteStream = process.stdout): Progress {
  const started = performance.now();
  let last = output.isTTY ? -Infinity : started;
  let isDrawn = false;
  return {
    tell(done, total, what) {
      const now = performance.now();
      if (now - last < (output.isTTY ? drawEvery : lineEvery)) return;
      last = now;
      const line = `${doing} ${done} of ${total} (${Math.round((now - started) / 1000)} s)`;
      if (!output.isTTY) {
        output.write(`${line}\n`);
        return;
      }
      isDrawn = true;
      const room = Math.max((output.columns ?? 80) - line.length - 2, 0);
      output.write(`\r\u001b[K${line} ${what.slice(0, room)}`);
    },
    end() {
      if (isDrawn) output.write("\r\u001b[K");
      isDrawn = false;
    },
  };
}
