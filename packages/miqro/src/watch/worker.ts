// The script of the worker under `miqro --watch`: one version of the app, from its start to its replacement.
import { onDrain, onMessage, reportFailure } from "@miqro/runner/worker";
import { errorLines } from "../cli/print-error.js";
import { reportListening, reportWait } from "../cli/report.js";
import { exitCodes } from "../errors.js";
import { Miqro } from "../server/miqro.js";
import type { MiqroOptions } from "../server/miqro-options.js";
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
  const lines = errorLines(error);
  if (isReplacement()) {
    await reportFailure(new Error(lines.join("\n")));
    process.exitCode = exitCodes.start;
    process.disconnect?.();
  } else {
    for (const line of lines) console.error(`miqro: ${line}`);
    const page = await startErrorPage(settings, lines);
    console.error(`Showing it on ${page.url} until a file changes.`);
    onDrain(() => page.close());
    onMessage((message) => page.show(message));
  }
}
