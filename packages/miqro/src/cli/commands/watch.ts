import { relative } from "node:path";
import { fileURLToPath } from "node:url";
import { ClusterManager, runCluster, WorkerFailedError } from "@miqro/runner";
import { watchFiles } from "@miqro/runner/watch";
import { messageOf } from "../../errors.js";
import type { Settings } from "../../settings/read-settings.js";
import { foldersToWatch, isIgnored, isRelevant } from "../../watch/watch-paths.js";
import { printError, printLine } from "../print-error.js";

/** `miqro --watch`: one worker, replaced by a new one whenever what it runs has changed. */
export async function watch(settings: Settings): Promise<number> {
  const folders = await foldersToWatch(settings.services);
  const manager = new ClusterManager({
    script: fileURLToPath(new URL("../../watch/worker.js", import.meta.url)),
    args: [JSON.stringify(settings)],
    nodes: 1,
    // A browser that keeps its connection for longer would be answered by the old version once more.
    drainIdle: 100,
    spare: true,
    preload: new URL("../../watch/preload.js", import.meta.url),
  });

  const reload = async (changed: readonly string[]): Promise<void> => {
    const started = performance.now();
    const slow = setTimeout(() => console.log("The new version is still being loaded ..."), 3000);
    try {
      await manager.reload();
      console.log(`${summary(changed)} changed: reloaded in ${Math.round(performance.now() - started)} ms`);
    } catch (error) {
      printFailure(error);
      console.error("The old version goes on serving.");
      manager.send(failureLines(error), 0);
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
    onError: printError,
  });
  try {
    return await runCluster(manager, { log: (line) => console.log(line), onError: printFailure });
  } finally {
    watcher.close();
  }
}

function summary(paths: readonly string[]): string {
  const first = relative(process.cwd(), paths[0] ?? "");
  return paths.length > 1 ? `${first} and ${paths.length - 1} more` : first;
}

function printFailure(error: unknown): void {
  for (const line of failureLines(error)) printLine(line);
}

/** What a worker that could not start said of it. */
function failureLines(error: unknown): string[] {
  const reported = error instanceof WorkerFailedError ? error.reported : undefined;
  return (reported?.message ?? messageOf(error)).split("\n");
}
