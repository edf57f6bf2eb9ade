import { lstat, mkdir, realpath } from "node:fs/promises";
import { dirname, join, relative, resolve } from "node:path";
import { fileReasonOf, MiqroError } from "../errors.js";
import { findUpwards } from "./find-upwards.js";

/**
 * The folder for the compiled files of a project: `JSX_TMP`, or else `node_modules/.cache/miqro`. It is created
 * if it does not exist.
 * @throws {MiqroError} if the folder cannot be written, or if other users could write code into it
 */
export async function openCacheFolder(project: string, given: string | undefined): Promise<string> {
  const modules = findUpwards(project, "node_modules") ?? join(project, "node_modules");
  const folder = given === undefined || given === "" ? join(modules, ".cache", "miqro") : resolve(given);
  const isOurs = isBelow(dirname(modules), folder) || isBelow(project, folder);
  try {
    await mkdir(folder, { recursive: true, ...(isOurs ? {} : { mode: 0o700 }) });
  } catch (error) {
    throw cannotKeep(folder, error);
  }
  if (!isOurs) await requirePrivate(folder);
  // Source maps name sources by relative paths, and Node.js resolves these against the real path of the map.
  return realpath(folder);
}

/** The error for a folder that cannot be written. */
export function cannotKeep(folder: string, error: unknown): MiqroError {
  return new MiqroError(
    "MIQRO_COMPILE",
    `The compiled files cannot be written to ${folder}: ${fileReasonOf(error)}. Name a folder of yours with JSX_TMP, or compile with tsc and start with --no-build.`,
    { cause: error },
  );
}

/** Compiled files are run. Anybody who can write into the folder could therefore run code as this user. */
async function requirePrivate(folder: string): Promise<void> {
  if (process.getuid === undefined) return;
  const found = await lstat(folder);
  const refuse = (why: string) =>
    new MiqroError(
      "MIQRO_ARGUMENT",
      `JSX_TMP names ${folder}, which ${why}: other users could put code there, which miqro would run. Name a folder of yours with mode 0700, or one in the project.`,
    );
  if (found.isSymbolicLink()) throw refuse("is a link");
  if (found.uid !== process.getuid()) throw refuse("belongs to another user");
  const mode = found.mode & 0o777;
  if ((mode & 0o077) !== 0) throw refuse(`has mode 0${mode.toString(8)}`);
}

function isBelow(folder: string, path: string): boolean {
  return !relative(folder, path).startsWith("..");
}
