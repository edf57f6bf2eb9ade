import { setTimeout as sleep } from "node:timers/promises";
import { exitCodes } from "../../errors.js";
import { onCrash } from "../../lifecycle/crash.js";
import { Miqro } from "../../lifecycle/miqro.js";
import { readSettings } from "../../settings/read-settings.js";
import type { CommandArguments } from "../arguments.js";
import type { EndSignals } from "../end-signals.js";
import { enableSourceMaps } from "../prepare-process.js";
import { reportHint, reportListening, reportNotes, reportWait } from "../report.js";

/** `miqro`: serves until a signal, a handler's `req.server.stop()` or an uncaught exception ends it. */
export async function serve(args: CommandArguments, signals: EndSignals): Promise<number> {
  // Without a watch, the editor would show changes that do not run.
  if (args.watch || args.editor) return (await import("./watch.js")).watch({ ...args, watch: true }, signals);
  const settings = readSettings(args, process.env);
  const { options, own } = settings;
  Object.assign(process.env, settings.variables);
  reportNotes(settings.notes);
  enableSourceMaps();
  if (own.inspect !== undefined) {
    const { openInspector } = await import("../../lifecycle/inspector.js");
    await openInspector(own.inspect);
  }
  const startedMS = performance.now();
  const miqro = new Miqro({ ...options, onCompileWait: reportWait, onHint: reportHint });
  const crash = new Promise<"crash">((resolve) => {
    onCrash((one) => {
      // The log file is closed when the server ends, so the line comes first.
      void import("../print-error.js")
        .then(({ printCrash }) => printCrash(one, miqro.logger))
        .finally(() => resolve("crash"));
    });
  });
  const signal = signals.first.then(() => "signal" as const);
  const start = miqro.start();
  const begun = await Promise.race([start, crash, signal]);
  if (typeof begun === "object" || (begun !== "crash" && begun !== "signal")) {
    reportListening(begun, { startedMS, ...settings });
    if (own.browser !== undefined) {
      const { openBrowserFor } = await import("../../lifecycle/open-browser.js");
      openBrowserFor(begun, settings);
    }
    const end = await Promise.race([crash, signal, miqro.stopped()]);
    await miqro.stop();
    return end === "crash" ? exitCodes.crash : exitCodes.ok;
  }
  start.catch(() => undefined);
  // If something delays the start, it may delay the end as well.
  const isUndone = await Promise.race([miqro.stop().then(() => true), sleep(10_000, false, { ref: false })]);
  return begun === "crash" || !isUndone ? exitCodes.start : exitCodes.ok;
}
