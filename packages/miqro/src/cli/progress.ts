/** The time between two updates of a line in a terminal, in milliseconds. */
const drawEvery = 80;
/** The time between two lines of any other output, in milliseconds. */
const lineEvery = 5000;

/** Shows the progress of a long task: in one line of a terminal that is rewritten, or in a line from time to time. */
export interface Progress {
  tell(done: number, total: number, what: string): void;
  /** Removes the line from the terminal. */
  end(): void;
}

/** @param doing - the name of the task, such as `Inflating` */
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
