import { watchFiles } from "@miqro/runner/watch";
import { startTests, type TestRun } from "../cli/commands/test.js";
import type { EndSignals } from "../cli/end-signals.js";
import { exitCodes } from "../errors.js";
import type { Settings } from "../settings/read-settings.js";
import { isFileReport } from "../watch/messages.js";
import { findWatchedPaths } from "../watch/watched-paths.js";

/** Runs tests again whenever one of their files, or a file of the services, changes. */
export async function watchTests(settings: Settings, signals: EndSignals): Promise<number> {
  const { services, noBuild } = settings.options;
  const files = new Set<string>();
  let run: TestRun | undefined;
  const find = () => findWatchedPaths({ services, noBuild: noBuild !== false, files, tests: true });
  let paths = await find();
  const start = async (): Promise<void> => {
    run?.child.kill("SIGKILL");
    const own = startTests(settings);
    run = own;
    own.child.on("message", (message) => {
      if (isFileReport(message)) for (const file of message.files) files.add(file);
    });
    await own.code;
    if (run !== own) return;
    paths = await find();
    console.log("Waiting for a change ...");
  };
  const watcher = watchFiles({
    folders: paths.folders,
    ignore: (path) => paths.isIgnored(path),
    debounce: 50,
    onChange: (changed) => {
      if (changed.some((path) => paths.isRelevant(path))) void start();
    },
    onError: (error) => console.error(error),
  });
  void start();
  await signals.first;
  watcher.close();
  run?.child.kill("SIGTERM");
  return exitCodes.ok;
}
