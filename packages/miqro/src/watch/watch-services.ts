import { relative } from "node:path";
import { fileURLToPath } from "node:url";
import { ClusterManager, runCluster, WorkerFailedError } from "@miqro/runner";
import { watchFiles } from "@miqro/runner/watch";
import type { MiqroOptions } from "../lifecycle/miqro-options.js";
import type { Reporter } from "./reporter.js";
import { foldersToWatch, isIgnored, isRelevant } from "./watch-paths.js";

/** How to watch. */
export interface WatchOptions {
  readonly reporter: Reporter;
  /** The script of the worker, which calls `runVersion` with the JSON of its first argument. */
  readonly worker: URL;
}

/**
 * Runs services in one worker, which is replaced by a new one whenever what it runs has changed.
 * @returns the exit code, when a signal has ended it
 */
export async function watchServices(
  settings: MiqroOptions,
  { reporter, worker }: WatchOptions,
): Promise<number> {
  const folders = await foldersToWatch([settings.services].flat());
  const manager = new ClusterManager({
    script: fileURLToPath(worker),
    args: [JSON.stringify(settings)],
    nodes: 1,
    // A browser that keeps its connection for longer would be answered by the old version once more.
    drainIdle: 100,
    spare: true,
    preload: new URL("./preload.js", import.meta.url),
  });

  const showFailure = (error: unknown): string[] => {
    const lines = failureLines(error, reporter);
    for (const line of lines) reporter.error(line);
    return lines;
  };
  const reload = async (changed: readonly string[]): Promise<void> => {
    const started = performance.now();
    const slow = setTimeout(() => reporter.info("The new version is still being loaded ..."), 3000);
    try {
      await manager.reload();
      reporter.info(`${summary(changed)} changed: reloaded in ${Math.round(performance.now() - started)} ms`);
    } catch (error) {
      const lines = showFailure(error);
      reporter.hint("The old version goes on serving.");
      manager.send(lines, 0);
    } finally {
      clearTimeout(slow);
    }
  };

  const watcher = watchFiles({
    folders,
    ignore: isIgnored,
    // tsc writes one file after the other.
    debounce: 50,
    onChange(paths) {
      const relevant = paths.filter(isRelevant);
      if (relevant.length > 0 && manager.isPoolAlive()) void reload(relevant);
    },
    onError: showFailure,
  });
  try {
    return await runCluster(manager, { log: reporter.info, onError: showFailure });
  } finally {
    watcher.close();
  }
}

function summary(paths: readonly string[]): string {
  const first = relative(process.cwd(), paths[0] ?? "");
  return paths.length > 1 ? `${first} and ${paths.length - 1} more` : first;
}

/** What a worker that could not start said of it. */
function failureLines(error: unknown, reporter: Reporter): string[] {
  const reported = error instanceof WorkerFailedError ? error.reported : undefined;
  return reported === undefined ? reporter.describe(error) : reported.message.split("\n");
}
