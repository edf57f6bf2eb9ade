import { setTimeout as sleep } from "node:timers/promises";
import { onDrain, onMessage, reportFailure, sendToPrimary } from "@miqro/runner/worker";
import type { CommandArguments } from "../cli/arguments.js";
import { exitCodes } from "../errors.js";
import { codeFrame } from "../lifecycle/code-frame.js";
import { type Crash, onCrash } from "../lifecycle/crash.js";
import { Miqro } from "../lifecycle/miqro.js";
import type { MiqroOptions } from "../lifecycle/miqro-options.js";
import { readSettings } from "../settings/read-settings.js";
import { startErrorPage } from "./error-page.js";
import { recordLoadedFiles } from "./loaded-files.js";
import { isCrashAnswer } from "./messages.js";
import { isReplacement } from "./replacement.js";
import type { Reporter } from "./reporter.js";

/** Runs one version of the app in a worker of `watchServices`, from its start to its replacement. */
export async function runVersion(args: CommandArguments, reporter: Reporter): Promise<void> {
  const started = performance.now();
  const loaded = recordLoadedFiles();
  loaded.onFiles((files) => sendToPrimary({ files }));
  const giveUp = async (lines: readonly string[]): Promise<void> => {
    isExpected = true;
    loaded.flush();
    await reportFailure(new Error(lines.join("\n")));
    process.exit(exitCodes.start);
  };
  let isExpected = false;
  let phase: "starting" | "running" | "crashed" = "starting";
  let options: MiqroOptions | undefined;
  let miqro: Miqro | undefined;

  const fail = (lines: readonly string[], title: string): Promise<void> =>
    options === undefined || (phase === "starting" && isReplacement())
      ? giveUp(lines)
      : showError(options, title, lines, reporter).catch((late) => giveUp(reporter.describe(late)));

  onDrain(({ timeout, idle }) => {
    isExpected = true;
    const stop = miqro?.stop({ replaced: true, timeout, drainIdle: idle });
    // A start that hangs would hold up its end as well.
    return phase === "starting" ? Promise.race([stop, sleep(1000)]) : stop;
  });
  process.on("exit", () => {
    if (isExpected || (process.exitCode ?? 0) !== 0) return;
    reporter.error("The app has ended its process, with process.exit() or the like. It is started again.");
    process.exitCode = 1;
  });
  onCrash((crash) => {
    if (phase === "crashed") return;
    const before = phase;
    phase = before === "starting" ? "starting" : "crashed";
    const lines = crashLines(crash, reporter);
    if (before === "starting") void fail(lines, "The app did not start");
    else void afterCrash(lines);
  });
  const afterCrash = async (lines: readonly string[]): Promise<void> => {
    const stay = askWhetherToStay();
    showLines(lines, reporter);
    // What is in flight may still be answered.
    await miqro?.stop({ replaced: true, timeout: 2000, drainIdle: 0 }).catch(() => undefined);
    if (await stay) await fail(lines, crashed);
    else {
      isExpected = true;
      process.exit(1);
    }
  };

  try {
    const settings = readSettings(args, process.env);
    Object.assign(process.env, settings.variables);
    process.env.NODE_ENV ||= "development";
    options = settings.options;
    miqro = new Miqro({
      ...options,
      // The output that is missing makes a new version when it comes.
      compileTimeout: isReplacement() ? 2000 : Number.POSITIVE_INFINITY,
      onCompileWait: reporter.waiting,
      onCompiled: (files) => loaded.add(files),
      // The primary knows which of them were told before.
      onHint: (file, message) => sendToPrimary({ hint: reporter.describeHint(file, message) }),
    });
    const address = await miqro.start();
    phase = "running";
    if (!isReplacement()) reporter.listening(address, started, settings.portFrom);
    await miqro.stopped();
    // A handler asked for it; otherwise the worker is drained, or shows what it crashed of.
    if (isExpected || (phase as string) === "crashed") return;
    isExpected = true;
    process.exit(exitCodes.ok);
  } catch (error) {
    await fail(reporter.describe(error), "The app did not start");
  }
}

const crashed = "The app crashed";

/** An error a line; those that are indented belong to the one before. */
function showLines(lines: readonly string[], reporter: Reporter): void {
  for (const line of lines) {
    if (line.startsWith(" ")) reporter.hint(line);
    else reporter.error(line);
  }
}

/** What crashed, where, and the calls that led there, a line each. */
function crashLines({ error, what }: Crash, reporter: Reporter): string[] {
  const head = `${what}: ${reporter.describe(error).join("\n")}`;
  if (!(error instanceof Error) || error.stack === undefined) return [head];
  const calls = error.stack
    .split("\n")
    .filter((line) => /^\s+at /.test(line) && !/node:|[\\/]node_modules[\\/]/.test(line));
  const frame = codeFrame(error.stack);
  return [head, ...(frame === undefined ? [] : frame.split("\n")), ...calls.slice(0, 6)];
}

/** Whether this process is to show its crash until a file changes, in place of being started again. */
function askWhetherToStay(): Promise<boolean> {
  return new Promise((resolve) => {
    const late = setTimeout(() => resolve(false), 1000);
    const stop = onMessage((message) => {
      if (!isCrashAnswer(message)) return;
      clearTimeout(late);
      stop();
      resolve(message.stay);
    });
    sendToPrimary({ crashed: true });
  });
}

/** Nothing serves, so the error takes the app's place until a file changes. */
async function showError(
  options: MiqroOptions,
  title: string,
  lines: readonly string[],
  reporter: Reporter,
): Promise<void> {
  const page = await startErrorPage(options, title, lines);
  if (title !== crashed) showLines(lines, reporter);
  reporter.hint(`Showing it on ${page.url} until a file changes.`);
  onDrain(() => page.close());
  onMessage((message) => page.show(message));
}
