import { mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { makeFolder } from "../build/make-folder.js";
import { exitCodes, fileReasonOf, MiqroError } from "../errors.js";
import { carriedFiles } from "./carried.js";

/**
 * Writes the files of the executable into a folder in which Node.js can run them.
 * @param given - the folder, which must be empty or missing
 * @returns the exit code
 */
export function unpack(given: string | undefined): number {
  const { index, isUnpacked, read } = carriedFiles();
  const folder = given ?? `${index.program.name}-files`;
  if (isUnpacked) throw new MiqroError("MIQRO_ARGUMENT", "This folder is already unpacked. Copy it instead.");
  const target = resolve(folder);
  if (listFolder(target).length > 0) {
    throw new MiqroError("MIQRO_ARGUMENT", `The folder ${folder} is not empty. Name another: --install DIR.`);
  }
  const work = `${target}.part-${process.pid}`;
  try {
    makeFolder(work);
    for (const path of index.folders) mkdirSync(join(work, path), { recursive: true });
    for (const path of Object.keys(index.files)) {
      const file = join(work, path);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, read(path) ?? "");
    }
    writeFileSync(join(work, "_miqro/carried.json"), JSON.stringify(index));
    rmSync(target, { recursive: true, force: true });
    renameSync(work, target);
  } catch (error) {
    rmSync(work, { recursive: true, force: true });
    throw new MiqroError("MIQRO_COMPILE", `The folder ${folder} cannot be written: ${fileReasonOf(error)}.`, {
      cause: error,
    });
  }
  console.log(
    `Wrote ${Object.keys(index.files).length} files into ${folder}. To run them: node ${join(folder, "_miqro/start.cjs")}`,
  );
  return exitCodes.ok;
}

function listFolder(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw new MiqroError(
      "MIQRO_ARGUMENT",
      `${folder} is not a folder that can be written: ${fileReasonOf(error)}. Name another: --install DIR.`,
    );
  }
}
