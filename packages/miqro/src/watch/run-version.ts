import { resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { onDrain, onMessage, reportFailure, sendToPrimary } from "@miqro/runner/worker";
import type { CommandArguments } from "../cli/arguments.js";
import { exitCodes, StartError } from "../errors.js";
import { toURL } from "../lifecycle/address.js";
import { codeFrame, frameAt } from "../lifecycle/code-frame.js";
import { type Crash, onCrash } from "../lifecycle/crash.js";
import { closeInspector } from "../lifecycle/inspector.js";
import { Miqro } from "../lifecycle/miqro.js";
import type { MiqroOptions } from "../lifecycle/miqro-options.js";
import { projectCalls } from "../service/read-position.js";
import { readSettings } from "../settings/read-settings.js";
import type { EditorAgent } from "./editor-agent.js";
import { startErrorPage } from "./error-page.js";
import type { HotReload } from "./hot-reload.js";
import { recordLoadedFiles } from "./loaded-files.js";
import { type FileReport, isCrashAnswer } from "./messages.js";
import { isReplacement } from "./replacement.js";
import { type Reporter, showLines } from "./reporter.js";

/** Runs one version of the app in a worker of `watchServices`, from its start to its replacement. */
export async function runVersion(args: CommandArguments, reporter: Reporter): Promise<void> {
  const startedMS = performance.now();
  const loaded = recordLoadedFiles();
  loaded.onFiles((files, since) => sendToPrimary({ files, since } satisfies FileReport));
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
  let hotReload: HotReload | undefined;
  let editor: EditorAgent | undefined;

  const fail = async (lines: readonly string[], title: string): Promise<void> => {
    if (options === undefined || (phase === "starting" && isReplacement())) return giveUp(lines);
    loaded.flush();
    try {
      const url = await showError({ options, hotReload }, title, lines, reporter);
      editor?.failed(title, lines, url);
    } catch (late) {
      await giveUp(reporter.describe(late));
    }
  };

  onDrain(({ timeout, idle }) => {
    isExpected = true;
    closeInspector();
    hotReload?.close();
    const stop = miqro?.stop({ replaced: true, timeout, drainIdle: idle });
    // If the start hangs, it would delay the end as well.
    return phase === "starting" ? Promise.race([stop, sleep(1000)]) : stop;
  });
  process.on("exit", () => {
    if (isExpected || (process.exitCode ?? 0) !== 0) return;
    reporter.error("The app has ended its process, for example with process.exit(). It is started again.");
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
    // Open requests may still be answered.
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
    if (settings.own.inspect !== undefined) {
      await (await import("../lifecycle/inspector.js")).openInspector(settings.own.inspect);
    }
    if (settings.own.hotReload === true) hotReload = new (await import("./hot-reload.js")).HotReload();
    if (settings.editorHost !== undefined) {
      editor = await (await import("./editor-agent.js")).startEditorAgent();
    }
    miqro = new Miqro(
      {
        ...options,
        // The missing output makes a new version when it is written.
        compileTimeout: isReplacement() ? 2000 : Number.POSITIVE_INFINITY,
        onCompileWait: reporter.waiting,
        onCompiled: (files) => loaded.add(files),
        // The primary knows which hints were reported before.
        onHint: (file, message) => sendToPrimary({ hint: reporter.describeHint(file, message) }),
      },
      (app, folders) => {
        // The primary must know the loaded files before it knows that this version listens.
        loaded.flush();
        hotReload?.extend(app, folders);
      },
    );
    const address = await miqro.start();
    phase = "running";
    editor?.running(toURL(address, options.https === true));
    if (!isReplacement()) {
      reporter.listening(address, { startedMS, ...settings });
      if (settings.own.browser !== undefined) {
        (await import("../lifecycle/open-browser.js")).openBrowserFor(address, settings);
      }
    }
    await miqro.stopped();
    // A handler asked for the end. In other cases the worker is drained, or shows the reason of its crash.
    if (isExpected || (phase as string) === "crashed") return;
    isExpected = true;
    process.exit(exitCodes.ok);
  } catch (error) {
    await fail(describeWithFrames(error, reporter), "The app did not start");
  }
}

const crashed = "The app crashed";

/** The errors that keep the app from starting, one on each line, with the code around the lines in these errors. */
function describeWithFrames(error: unknown, reporter: Reporter): string[] {
  if (!(error instanceof StartError)) return reporter.describe(error);
  return error.problems.flatMap((problem) => {
    const [, path, line, column] = /\(([^()\s]+?):(\d+)(?::(\d+))?\)$/.exec(problem.message) ?? [];
    const frame =
      path === undefined
        ? undefined
        : frameAt(resolve(path), Number(line), column === undefined ? undefined : Number(column));
    return [...reporter.describe(new StartError([problem])), ...(frame?.split("\n") ?? [])];
  });
}

/** The crash, the line of the source, and the calls that led to it, one on each line. */
function crashLines({ error, what }: Crash, reporter: Reporter): string[] {
  const head = `${what}: ${reporter.describe(error).join("\n")}`;
  if (!(error instanceof Error) || error.stack === undefined) return [head];
  const frame = codeFrame(error.stack);
  return [head, ...(frame === undefined ? [] : frame.split("\n")), ...projectCalls(error.stack).slice(0, 6)];
}

/** Whether this process must show its crash until a file changes, instead of being started again. */
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

/**
 * No version serves, so the error page replaces the app until a file changes. Returns the address of the error page.
 */
async function showError(
  { options, hotReload }: { options: MiqroOptions; hotReload: HotReload | undefined },
  title: string,
  lines: readonly string[],
  reporter: Reporter,
): Promise<string> {
  const page = await startErrorPage(options, title, lines, hotReload);
  if (title !== crashed) showLines(lines, reporter);
  reporter.hint(`Showing it on ${page.url} until a file changes.`);
  onDrain(() => page.close());
  onMessage((message) => page.show(message));
  return page.url;
}
