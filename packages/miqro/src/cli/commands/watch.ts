import type { Settings } from "../../settings/read-settings.js";
import { watchServices } from "../../watch/watch-services.js";
import { terminal } from "../terminal.js";

/** `miqro --watch`: serves, and replaces what runs whenever a file changes. */
export function watch(settings: Settings): Promise<number> {
  return watchServices(settings, {
    reporter: terminal,
    worker: new URL("../watch-worker.js", import.meta.url),
  });
}
