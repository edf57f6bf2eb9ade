import { basename, dirname, join, relative } from "node:path";
import { isWithin } from "./module-location.js";

/** Leads from compiled files to the folders of their sources, where files lie that `tsc` does not copy. */
export class SourceFolders {
  readonly #folders = new Map<string, string>();

  /** Learns from one file and its source where all others of the same output are. */
  add(file: string, source: string): void {
    let output = dirname(file);
    let folder = dirname(source);
    if (output === folder) return;
    while (basename(output) === basename(folder) && basename(output) !== "") {
      output = dirname(output);
      folder = dirname(folder);
    }
    this.#folders.set(output, folder);
  }

  /** The path of a file among the sources; `undefined` for a file that is no output. */
  sourceOf(file: string): string | undefined {
    let best: string | undefined;
    for (const output of this.#folders.keys()) {
      if (isWithin(output, file) && output.length > (best?.length ?? -1)) best = output;
    }
    const folder = best === undefined ? undefined : this.#folders.get(best);
    return best === undefined || folder === undefined ? undefined : join(folder, relative(best, file));
  }
}
