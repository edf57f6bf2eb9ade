import { existsSync } from "node:fs";
import { createServer } from "node:net";
import { relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { ClusterManager, runCluster, WorkerFailedError } from "@miqro/runner";
import { isWrittenSince } from "../build/file-time.js";
import type { CommandArguments } from "../cli/arguments.js";
import { toPort } from "../lifecycle/address.js";
import { loadOnUse } from "../load-on-use.js";
import { readSettings, type Settings } from "../settings/read-settings.js";
import { watchApp } from "./app-watch.js";
import { createKnownContents } from "./known-contents.js";
import { type FailureReport, isCrashReport, isFileReport, isHintReport } from "./messages.js";
import { collectChanges } from "./pending-changes.js";
import { type Reporter, showLines } from "./reporter.js";
import { createStaleCheck, tellStaleAtStart } from "./stale-sources.js";
import { findWatchedPaths, type WatchedPaths } from "./watched-paths.js";

/** Loaded if there is a file with variables. */
const loadEnvFile = loadOnUse<typeof import("../settings/env-file.js")>(
  import.meta.url,
  "../settings/env-file.js",
);

/** The options of a watch. */
export interface WatchOptions {
  readonly reporter: Reporter;
  /** The script of the worker, which calls `runVersion` with the JSON of its first argument. */
  readonly worker: URL;
  /** Called once, when the cluster is about to listen to signals itself: returns a signal that has already arrived. */
  isEnded(): boolean;
}

// After this number of crashes within this time, the app is not started again until a file changes.
const crashLimit = 3;
const crashWindow = 10_000;
// The time without a change after which the changes count as complete, in milliseconds.
const debounce = 20;

/**
 * Runs services in one worker. A new worker replaces it whenever a running file has changed.
 * @returns the exit code, after a signal has ended it
 */
export async function watchServices(
  args: CommandArguments,
  { reporter: told, worker, isEnded }: WatchOptions,
): Promise<number> {
  let reporter = told;
  let settings = readSettings(args, process.env);
  for (const note of settings.notes) reporter.hint(note);
  if (settings.envFile !== undefined) loadEnvFile().forgetEnvFile(settings.envFile, process.env);
  const settledPort = await settlePort(settings);
  const manager = new ClusterManager({
    script: fileURLToPath(worker),
    args: [JSON.stringify({ ...args, ...settledPort })],
    nodes: 1,
    // A debugger that is attached stops a worker for a long time.
    ...(settings.own.inspect === undefined ? {} : { heartbeatTimeout: 0 }),
    // If a browser keeps its connection for longer, the old version would answer it once more.
    drainIdle: 100,
    spare: true,
    preload: new URL("./preload.js", import.meta.url),
    // The developer is working on the app, so only a signal ends the watch.
    maxCrashes: 1_000_000,
    maxRestartDelay: 2000,
  });

  const showFailure = (error: unknown): string[] => {
    const lines = failureLines(error, reporter);
    showLines(lines, reporter);
    return lines;
  };
  const reload = async (changed: readonly string[]): Promise<void> => {
    const started = performance.now();
    const slow = setTimeout(() => reporter.info("The new version is still being loaded ..."), 3000);
    try {
      await manager.reload();
      const ms = Math.round(performance.now() - started);
      reporter.info(
        changed.length === 0 ? `Reloaded in ${ms} ms` : `${summary(changed)} changed: reloaded in ${ms} ms`,
      );
    } catch (error) {
      const lines = showFailure(error);
      reporter.hint("The old version continues to serve.");
      editor?.failed(lines, true);
      manager.send({ failure: lines } satisfies FailureReport, 0);
    } finally {
      clearTimeout(slow);
    }
  };

  let crashes: number[] = [];
  const loaded = new Set<string>();
  const hints = new Set<string>();
  const stale = createStaleCheck(reporter);
  const contents = createKnownContents();
  const onChange = (changed: readonly string[]): void => {
    const { paths } = watch;
    for (const path of changed) {
      const output = paths.outputOf(path);
      stale.check(path, output);
      if (output !== undefined && output !== path && existsSync(path)) pending.expect(path, output);
    }
    pending.add(changed.filter((path) => paths.isRelevant(path) && !contents.isSame(path)));
  };
  const pending = collectChanges(debounce, (relevant) => {
    crashes = [];
    const configs = configsOf(settings);
    // The folders of the new version are watched before it is loaded.
    if (relevant.some((path) => configs.includes(path))) void refresh().then(() => reload(relevant));
    else void reload(relevant);
  });
  // Files that change while the first version starts.
  pending.hold();
  const watch = await watchApp({
    findPaths: () => findPaths(settings, loaded),
    debounce,
    onChange,
    onError: showFailure,
  });
  const refresh = async (): Promise<void> => {
    try {
      settings = readSettings(args, process.env);
      await watch.update();
    } catch {
      // The worker reports the error.
    }
  };
  const editor =
    settings.editorHost === undefined
      ? undefined
      : await (await import("./editor-link.js")).openEditor(reporter, {
          settings,
          port: settledPort.port,
          outputOf: (source) => watch.paths.outputOf(source),
          send: (message) => manager.send(message, 0),
          reload: () => reload([]),
        });
  reporter = editor?.reporter ?? reporter;
  manager.on("message", (payload) => {
    editor?.receive(payload);
    if (isFileReport(payload)) {
      contents.note(payload.files, payload.since);
      const news = payload.files.filter((file) => !loaded.has(file));
      for (const file of news) loaded.add(file);
      // Most files are in folders that are watched as a whole.
      const unwatched = news.filter((file) => !watch.paths.isRelevant(file) || watch.paths.isIgnored(file));
      if (unwatched.length > 0) {
        void watch.update().then(() => {
          // No watch has seen the files that were written between the load and the begin of the new watch.
          const missed = unwatched.filter((file) => isWrittenSince(file, payload.since));
          if (missed.length > 0) onChange(missed);
        }, showFailure);
      }
    } else if (isHintReport(payload)) {
      if (!hints.has(payload.hint)) reporter.hint(payload.hint);
      hints.add(payload.hint);
    } else if (isCrashReport(payload)) {
      const now = performance.now();
      crashes = [...crashes.filter((time) => now - time < crashWindow), now];
      manager.send({ stay: crashes.length >= crashLimit }, 0);
    }
  });
  manager.on("exit", () => editor?.exited());
  manager.on("ready", () => {
    pending.release((path) => contents.isSame(path));
  });
  if (settings.options.noBuild !== false) await tellStaleAtStart(settings.options.services, reporter);
  try {
    const code = runCluster(manager, { log: reporter.info, onError: showFailure });
    if (isEnded()) await manager.stop({ timeout: 0 });
    return await code;
  } finally {
    pending.close();
    stale.close();
    await editor?.stop();
    watch.close();
  }
}

function findPaths(settings: Settings, loaded: Iterable<string>): Promise<WatchedPaths> {
  return findWatchedPaths({
    services: settings.options.services,
    noBuild: settings.options.noBuild !== false,
    files: [...loaded, ...configsOf(settings)],
  });
}

function configsOf({ configFile, envFile, options }: Settings): string[] {
  return [configFile, envFile, options.httpsKey, options.httpsCert]
    .filter((file) => file !== undefined)
    .map((file) => resolve(file));
}

/** A free port for port 0: each version must listen on the same port as the version before it. */
async function settlePort({ options: { host, port, https } }: Settings): Promise<{ readonly port?: string }> {
  if (toPort(port, "The port", https) !== 0) return {};
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen({ port: 0, host }, resolve);
  });
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === "object" && address !== null ? { port: String(address.port) } : {};
}

function summary(paths: readonly string[]): string {
  const first = relative(process.cwd(), paths[0] ?? "");
  return paths.length > 1 ? `${first} and ${paths.length - 1} more` : first;
}

/** The message of a worker that could not start. */
function failureLines(error: unknown, reporter: Reporter): string[] {
  const reported = error instanceof WorkerFailedError ? error.reported : undefined;
  return reported === undefined ? reporter.describe(error) : reported.message.split("\n");
}
