import { copyFileSync, mkdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { makeStaging } from "../../build/staging.js";
import { fileReasonOf, messageOf } from "../../errors.js";
import { compileError, readNodePlatform } from "./node-executable.js";
import { seaBuild } from "./sea-build.js";

/** The input of an executable. */
export interface ExecutableOptions {
  /** The node that becomes the executable; that of this process unless given. */
  readonly node?: string | undefined;
  /** The file to write; a file of this name is replaced. Windows needs an ending, which it gets. */
  readonly out: string;
}

/** The tools that were found before the work began, so that nothing is missing at its end. */
export interface PreparedExecutable {
  /** Writes the executable. */
  make(pack: Buffer): { readonly file: string; readonly size: number };
  /** Removes unfinished files, if no executable is to be made. */
  giveUp(): void;
}

/**
 * Finds what makes an executable, and checks that it can be written, before services are loaded.
 * @throws {MiqroError} `MIQRO_COMPILE` with the remedy
 */
export function prepareExecutable({ node = process.execPath, out }: ExecutableOptions): PreparedExecutable {
  attempt(() => seaBuild.findTool());
  const platform = readNodePlatform(node);
  const target = resolve(platform === "win32" && !/\.exe$/i.test(out) ? `${out}.exe` : out);
  if (statSync(target, { throwIfNoEntry: false })?.isDirectory() === true) {
    throw compileError(`${out} is a folder. --compile-out names the file to write.`);
  }
  // Beside the target, so that it takes its place in one step; it also tells whether the folder can be written.
  const work = makeFolder(dirname(target));
  const giveUp = () => rmSync(work, { recursive: true, force: true });
  return {
    giveUp,
    make(pack) {
      try {
        writeParts(work, pack);
        attempt(() => seaBuild.build(work, node, target));
        return { file: target, size: statSync(target).size };
      } finally {
        giveUp();
      }
    },
  };
}

/** Writes what an executable is made of, besides Node.js: `node build.cjs` makes it then. */
export function writeParts(folder: string, pack: Buffer): void {
  const own = (name: string) => fileURLToPath(new URL(`../${name}`, import.meta.url));
  mkdirSync(folder, { recursive: true });
  copyFileSync(own("sea-main.cjs"), join(folder, "main.cjs"));
  copyFileSync(own("sea-build.cjs"), join(folder, "build.cjs"));
  writeFileSync(join(folder, "pack"), pack);
}

function makeFolder(folder: string): string {
  try {
    return makeStaging(folder, ".miqro-compile-");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const why = code === "ENOENT" ? "does not exist" : `cannot be written: ${fileReasonOf(error)}`;
    throw compileError(`The folder ${folder} ${why}. --compile-out names a file in another.`, error);
  }
}

function attempt<Value>(work: () => Value): Value {
  try {
    return work();
  } catch (error) {
    throw compileError(messageOf(error), error);
  }
}
