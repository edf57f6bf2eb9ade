import { existsSync, mkdtempSync, renameSync, rmSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileReasonOf, MiqroError } from "../../errors.js";
import { writeParts } from "./make-executable.js";
import { compileError } from "./node-executable.js";

/**
 * Writes a folder from which `node build.cjs` makes an executable. It replaces an earlier folder in one step.
 * @throws {MiqroError} `MIQRO_ARGUMENT` if the folder contains anything else
 */
export function writeSEAFolder(folder: string, pack: Buffer): void {
  const target = resolve(folder);
  if (existsSync(target) && !existsSync(join(target, "pack"))) {
    throw new MiqroError(
      "MIQRO_ARGUMENT",
      `${folder} exists already, and --inflate-sea did not write it. Move it, or name another --inflate-dir.`,
    );
  }
  let work: string | undefined;
  try {
    work = mkdtempSync(join(dirname(target), ".miqro-sea-"));
    writeParts(work, pack);
    rmSync(target, { recursive: true, force: true });
    renameSync(work, target);
  } catch (error) {
    if (work !== undefined) rmSync(work, { recursive: true, force: true });
    throw compileError(`${folder} cannot be written: ${fileReasonOf(error)}.`, error);
  }
}
