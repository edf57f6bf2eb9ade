import { copyFileSync, existsSync, mkdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { makeStaging } from "../../build/staging.js";
import { fileReasonOf, messageOf } from "../../errors.js";
import { compileError, readNodePlatform } from "./node-executable.js";
import { seaBuild } from "./sea-build.js";

/** The input of an executable. */
export interface ExecutableOptions {
  /** The node that becomes the executable. Default: the node of this process. */
  readonly node?: string | undefined;
  /** The file to write; a file of this name is replaced. On Windows the name gets the extension `.exe`. */
  readonly out: string;
}

/** The tools. They are looked for before the work begins, so that a missing tool is reported at once. */
export interface PreparedExecutable {
  /** Writes the executable. */
  make(pack: Buffer): { readonly file: string; readonly size: number };
  /** Removes unfinished files, if no executable is made. */
  giveUp(): void;
}

/**
 * Finds the tools that make an executable, and checks that the file can be written. This runs before services are
 * loaded.
 * @throws {MiqroError} `MIQRO_COMPILE`; the message contains the remedy
 */
export function prepareExecutable({ node = process.execPath, out }: ExecutableOptions): PreparedExecutable {
  checkTarget(out);
  // A temporary folder beside the target, so that the executable can replace the target in one step. Making it also
  // shows whether the folder can be written.
  const work = makeWorkFolder(dirname(resolve(out)));
  const giveUp = () => rmSync(work, { recursive: true, force: true });
  let file: string;
  try {
    attempt(() => seaBuild.findTool());
    const isWindows = readNodePlatform(node) === "win32";
    file = resolve(isWindows && !/\.exe$/i.test(out) ? `${out}.exe` : out);
    checkTarget(file);
  } catch (error) {
    giveUp();
    throw error;
  }
  return {
    giveUp,
    make(pack) {
      try {
        writeParts(work, pack);
        attempt(() => seaBuild.build(work, node, file));
        return { file, size: statSync(file).size };
      } finally {
        giveUp();
      }
    },
  };
}

/** Writes the parts of an executable, without Node.js. `node build.cjs` then makes the executable from them. */
export function writeParts(folder: string, pack: Buffer): void {
  const own = (name: string) => fileURLToPath(new URL(`../${name}`, import.meta.url));
  mkdirSync(folder, { recursive: true });
  copyFileSync(own("sea-main.cjs"), join(folder, "main.cjs"));
  copyFileSync(own("sea-build.cjs"), join(folder, "build.cjs"));
  writeFileSync(join(folder, "pack"), pack);
}

/** A device such as `/dev/null` would be replaced by the executable. */
function checkTarget(file: string): void {
  const found = statSync(file, { throwIfNoEntry: false });
  if (found === undefined || found.isFile()) return;
  const what = found.isDirectory() ? "a folder" : "not a plain file";
  throw compileError(`${file} is ${what}. --compile-out names the file to write.`);
}

function makeWorkFolder(folder: string): string {
  try {
    return makeStaging(folder, ".miqro-compile-");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const why =
      code !== "ENOENT"
        ? `cannot be written: ${fileReasonOf(error)}`
        : existsSync(folder)
          ? "cannot be written: its file system takes no new files"
          : "does not exist";
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
