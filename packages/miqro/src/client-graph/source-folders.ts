import { basename, dirname, join, relative } from "node:path";
import { isWithin } from "./module-location.js";

/** Finds the source folder for a compiled file. Files that `tsc` does not copy are there. */
export class SourceFolders {
  readonly #folders = new Map<string, string>();

  /** Derives from one file and its source the source folder of all files of the same output folder. */
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

  /** The path of a file in the source folder; `undefined` for a file that is not an output. */
  sourceOf(file: string): string | undefined {
    let best: string | undefined;
    for (const output of this.#folders.keys()) {
      if (isWithin(output, file) && output.length > (best?.length ?? -1)) best = output;
    }
    const folder = best === undefined ? undefined : this.#folders.get(best);
    return best === undefined || folder === undefined ? undefined : join(folder, relative(best, file));
  }
}
