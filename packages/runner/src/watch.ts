export { WatchFailedError } from "./errors.js";
export type { FileWatcher, WatchOptions } from "./watch/watch-files.js";
export { watchFiles } from "./watch/watch-files.js";
