import { type ChildProcess, type SpawnOptions, spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";

/** A child process whose output is kept, and which can be waited for. */
export interface RunningProcess {
  readonly child: ChildProcess;
  /** All that it wrote so far, both streams in the order of their arrival. */
  output(): string;
  /**
   * Resolves with the first match in the output, from the first byte on.
   * @throws {Error} with the whole output when the process ends, or the time is up, without one; the process then ends
   * as well, so that it does not outlive the test that fails
   */
  waitFor(pattern: RegExp, timeout?: number): Promise<RegExpExecArray>;
  /** Resolves with the exit code, or the name of the signal. */
  readonly exited: Promise<number | NodeJS.Signals>;
  /** Ends it with a signal, and with SIGKILL where that does not help within 15 seconds. */
  stop(signal?: NodeJS.Signals): Promise<number | NodeJS.Signals>;
}

/** Starts a program without a shell. */
export function startProcess(
  command: string,
  args: readonly string[],
  options: SpawnOptions = {},
): RunningProcess {
  const child = spawn(command, args, { ...options, stdio: ["ignore", "pipe", "pipe"] });
  let text = "";
  let ended = false;
  const changed = new Set<() => void>();
  const notify = () => {
    for (const check of changed) check();
  };
  const add = (chunk: Buffer) => {
    text += chunk.toString();
    notify();
  };
  child.stdout?.on("data", add);
  child.stderr?.on("data", add);
  const exited = once(child, "close").then(([code, signal]: unknown[]) => {
    ended = true;
    notify();
    return (code ?? signal) as number | NodeJS.Signals;
  });
  const stop = async (signal: NodeJS.Signals = "SIGTERM"): Promise<number | NodeJS.Signals> => {
    if (ended) return exited;
    child.kill(signal);
    const timer = setTimeout(() => child.kill("SIGKILL"), 15_000);
    const result = await exited;
    clearTimeout(timer);
    return result;
  };
  return {
    child,
    exited,
    output: () => text,
    waitFor: (pattern, timeout = 20_000) =>
      new Promise((resolve, reject) => {
        const fail = (why: string) => finish(() => reject(new Error(`${why} before ${pattern}:\n${text}`)));
        const timer = setTimeout(() => {
          fail(`${timeout} ms passed`);
          void stop();
        }, timeout);
        const finish = (settle: () => void) => {
          clearTimeout(timer);
          changed.delete(check);
          settle();
        };
        const check = () => {
          const match = pattern.exec(text);
          if (match !== null) finish(() => resolve(match));
          else if (ended) fail("The process ended");
        };
        changed.add(check);
        check();
      }),
    stop,
  };
}

/**
 * Resolves when the assertion holds, asking again until it does.
 * @throws what the assertion threw last, when the time is up
 */
export async function eventually(assertion: () => Promise<void>, timeout = 20_000): Promise<void> {
  const deadline = performance.now() + timeout;
  for (;;) {
    try {
      await assertion();
      return;
    } catch (error) {
      if (performance.now() > deadline) throw error;
      await sleep(20);
    }
  }
}
