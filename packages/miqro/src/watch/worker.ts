// The script of the worker under `miqro --watch`: one version of the app, from its start to its replacement.
import { onDrain, onMessage, reportFailure } from "@miqro/runner/worker";
import { errorLines, printError } from "../cli/print-error.js";
import { reportListening, reportWait } from "../cli/report.js";
import { exitCodes } from "../errors.js";
import { Miqro } from "../lifecycle/miqro.js";
import type { MiqroOptions } from "../lifecycle/miqro-options.js";
import { startErrorPage } from "./error-page.js";
import { isReplacement } from "./replacement.js";

const settings = JSON.parse(process.argv[2] ?? "{}") as MiqroOptions;
const started = performance.now();
const miqro = new Miqro({ ...settings, compileTimeout: Number.POSITIVE_INFINITY, onCompileWait: reportWait });
onDrain(({ timeout, idle }) => miqro.stop({ replaced: true, timeout, drainIdle: idle }));
try {
  const address = await miqro.start();
  if (!isReplacement()) reportListening(address, started);
} catch (error) {
  await (isReplacement() ? giveUp(error) : showError(error).catch(giveUp));
}

/** Nothing serves yet, so the error takes the app's place until a file changes. */
async function showError(error: unknown): Promise<void> {
  const lines = errorLines(error);
  const page = await startErrorPage(settings, lines);
  printError(error);
  console.error(`Showing it on ${page.url} until a file changes.`);
  onDrain(() => page.close());
  onMessage((message) => page.show(message));
}

async function giveUp(error: unknown): Promise<void> {
  await reportFailure(new Error(errorLines(error).join("\n")));
  process.exit(exitCodes.start);
}
