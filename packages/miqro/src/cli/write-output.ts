import { existsSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import type { APIModel } from "../documents/model.js";
import { fileReasonOf, MiqroError } from "../errors.js";

/** Writes the output file of a command. */
export function writeOutput(file: string, text: string): void {
  try {
    writeFileSync(file, text);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const isMissing = code === "ENOENT";
    const why =
      isMissing && !existsSync(dirname(file))
        ? `there is no folder ${dirname(file)}. Make it first.`
        : code === "EISDIR"
          ? "it is a folder. Name a file."
          : `${isMissing ? "its file system takes no new files" : fileReasonOf(error)}.`;
    throw new MiqroError("MIQRO_ARGUMENT", `${file} cannot be written: ${why}`, { cause: error });
  }
}

/** Reports the files that were written. */
export function reportWritten(file: string, { operations }: APIModel): void {
  const count = operations.length;
  if (count === 0) console.error("No file of the services ends in .api.ts, so the document would be empty.");
  console.log(`Wrote ${file}: ${count} ${count === 1 ? "route" : "routes"}.`);
}
