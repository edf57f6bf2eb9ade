import { lstat, mkdir, realpath } from "node:fs/promises";
import { dirname, join, relative, resolve } from "node:path";
import { fileReasonOf, MiqroError } from "../errors.js";
import { findUpwards } from "./find-upwards.js";

/**
 * The folder in which outputs of a project are kept, made where it is missing: `JSX_TMP`, or else
 * `node_modules/.cache/miqro`.
 * @throws {MiqroError} when it cannot be written, or others could put code into it
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
  // Maps name sources by relative paths, and Node.js takes them from the real one.
  return realpath(folder);
}

/** The error for a folder that cannot be written. */
export function cannotKeep(folder: string, error: unknown): MiqroError {
  return new MiqroError(
    "MIQRO_COMPILE",
    `The compiled files cannot be kept in ${folder}: ${fileReasonOf(error)}. Name a folder of yours with JSX_TMP, or compile with tsc and start with --no-build.`,
    { cause: error },
  );
}

/** Compiled files are run: anybody who can write into the folder could run code as this user. */
async function requirePrivate(folder: string): Promise<void> {
  if (process.getuid === undefined) return;
  const found = await lstat(folder);
  const refuse = (why: string) =>
    new MiqroError(
      "MIQRO_ARGUMENT",
      `JSX_TMP names ${folder}, which ${why}: others could put code there that miqro runs. Name a folder of yours with mode 0700, or one in the project.`,
    );
  if (found.isSymbolicLink()) throw refuse("is a link");
  if (found.uid !== process.getuid()) throw refuse("belongs to another user");
  const mode = found.mode & 0o777;
  if ((mode & 0o077) !== 0) throw refuse(`has mode 0${mode.toString(8)}`);
}

function isBelow(folder: string, path: string): boolean {
  return !relative(folder, path).startsWith("..");
}
