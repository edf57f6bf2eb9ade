import { onDrain, onMessage, reportFailure } from "@miqro/runner/worker";
import { exitCodes } from "../errors.js";
import { Miqro } from "../lifecycle/miqro.js";
import type { MiqroOptions } from "../lifecycle/miqro-options.js";
import { startErrorPage } from "./error-page.js";
import { isReplacement } from "./replacement.js";
import type { Reporter } from "./reporter.js";

/** Runs one version of the app in a worker of `watchServices`, from its start to its replacement. */
export async function runVersion(options: MiqroOptions, reporter: Reporter): Promise<void> {
  const started = performance.now();
  const miqro = new Miqro({
    ...options,
    compileTimeout: Number.POSITIVE_INFINITY,
    onCompileWait: reporter.waiting,
  });
  onDrain(({ timeout, idle }) => miqro.stop({ replaced: true, timeout, drainIdle: idle }));
  try {
    const address = await miqro.start();
    if (!isReplacement()) reporter.listening(address, started);
  } catch (error) {
    const lines = reporter.describe(error);
    if (isReplacement()) await giveUp(lines);
    else await showError(options, lines, reporter).catch((late) => giveUp(reporter.describe(late)));
  }
}

/** Nothing serves yet, so the error takes the app's place until a file changes. */
async function showError(options: MiqroOptions, lines: readonly string[], reporter: Reporter): Promise<void> {
  const page = await startErrorPage(options, lines);
  for (const line of lines) reporter.error(line);
  reporter.hint(`Showing it on ${page.url} until a file changes.`);
  onDrain(() => page.close());
  onMessage((message) => page.show(message));
}

async function giveUp(lines: readonly string[]): Promise<void> {
  await reportFailure(new Error(lines.join("\n")));
  process.exit(exitCodes.start);
}
