import { setTimeout as sleep } from "node:timers/promises";
import type { Logger } from "@miqro/core";
import { onDrain, reportFailure, sendToPrimary, workerNumber } from "@miqro/runner/worker";
import type { CommandArguments } from "../cli/arguments.js";
import { exitCodes } from "../errors.js";
import { type Crash, onCrash } from "../lifecycle/crash.js";
import { closeInspector, openInspector } from "../lifecycle/inspector.js";
import { Miqro } from "../lifecycle/miqro.js";
import { readSettings } from "../settings/read-settings.js";
import type { Reporter } from "../watch/reporter.js";

/** Writes the messages of a worker for the user. */
export interface WorkerReporter
  extends Pick<Reporter, "waiting" | "describe" | "describeHint" | "error" | "hint"> {
  /** Reports an uncaught error before the worker ends. */
  crashed(crash: Crash, logger: Logger | undefined): Promise<void>;
}

// The time that remains after requests are cut off. The hooks and the databases use it to end.
const reserve = 500;

/** Serves in a worker of `serveInWorkers`, from its start to its end. */
export async function runWorker(args: CommandArguments, reporter: WorkerReporter): Promise<void> {
  let isExpected = false;
  let phase: "starting" | "running" | "ending" = "starting";
  let miqro: Miqro | undefined;
  const giveUp = async (error: unknown): Promise<void> => {
    if (isExpected) return;
    isExpected = true;
    await reportFailure(new Error(reporter.describe(error).join("\n")));
    process.exit(exitCodes.start);
  };

  onDrain(({ timeout, idle, replaced }) => {
    isExpected = true;
    closeInspector();
    const stop = miqro?.stop({ replaced, timeout: Math.max(0, timeout - reserve), drainIdle: idle });
    // If the start hangs, it would delay the end as well.
    return phase === "starting" ? Promise.race([stop, sleep(1000)]) : stop;
  });
  process.on("exit", () => {
    if (isExpected || (process.exitCode ?? 0) !== 0) return;
    reporter.error(
      `The app has ended the process of worker ${workerNumber()}, for example with process.exit(). It is started again.`,
    );
    process.exitCode = exitCodes.crash;
  });
  onCrash((crash) => {
    if (phase === "starting") return void giveUp(crash.error);
    if (phase === "ending") return;
    phase = "ending";
    isExpected = true;
    void endAfter(crash);
  });
  const endAfter = async (crash: Crash): Promise<void> => {
    await reporter.crashed(crash, miqro?.logger);
    // Open requests may still be answered.
    await miqro?.stop({ replaced: true, timeout: 2000, drainIdle: 0 }).catch(() => undefined);
    process.exit(exitCodes.crash);
  };

  try {
    const { options, variables, own } = readSettings(args, process.env);
    Object.assign(process.env, variables);
    if (own.inspect !== undefined) await openInspector(own.inspect);
    // All workers have the same error.
    const tells = workerNumber() === 0;
    miqro = new Miqro({
      ...options,
      onCompileWait: (file, count) => (tells ? reporter.waiting(file, count) : undefined),
      onHint: (file, message) => (tells ? reporter.hint(reporter.describeHint(file, message)) : undefined),
    });
    const listening = await miqro.start();
    phase = "running";
    sendToPrimary({ listening });
    await miqro.stopped();
    // A handler asked for it. The primary ends all workers, including this one.
    if (!isExpected) sendToPrimary({ stop: true });
  } catch (error) {
    await giveUp(error);
  }
}
