import { readFileSync } from "node:fs";
import { MiqroError } from "../../errors.js";

/** A Node.js that can become an executable of one's own. */
export interface NodeExecutable {
  readonly bytes: Buffer;
  readonly platform: "linux" | "darwin" | "win32";
}

const fuse = "NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2";

/** The version of Node.js from which on executables are made: its `registerHooks` loads modules that no disk has. */
const oldest = 24;

/** The text in an executable that says whether something was put into it. */
export const sentinelFuse: string = fuse;

/**
 * Reads a Node.js, and checks that it can carry a program.
 * @throws {MiqroError} `ERR_COMPILE` with the remedy when it cannot
 */
export function readNodeExecutable(path: string): NodeExecutable {
  const [major = 0] = process.versions.node.split(".").map(Number);
  if (major < oldest) {
    throw compileError(
      `An executable needs Node.js ${oldest} or newer, but this is ${process.versions.node}. Run miqro with a newer one.`,
    );
  }
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    throw compileError(
      `The Node.js ${path} cannot be read: ${(error as NodeJS.ErrnoException).code}. --compile-node names the node that becomes the executable.`,
    );
  }
  const platform = platformOf(bytes);
  if (platform === undefined) {
    throw compileError(
      `${path} is no program of Linux, macOS or Windows. --compile-node names a node, not a script.`,
    );
  }
  if (platform === "darwin" && bytes.readUInt32LE(4) === 0x01_00_00_07) {
    throw compileError(
      `${path} is a Node.js for macOS on Intel, whose executables crash when they start (nodejs/node#62893). Use one for macOS on arm64, or serve with miqro there.`,
    );
  }
  if (!bytes.includes(`${fuse}:0`)) {
    throw compileError(
      bytes.includes(`${fuse}:1`)
        ? `${path} carries a program already. --compile-node names a node as nodejs.org has it.`
        : `${path} was built without single executables, as some distributions do it. Take a node of nodejs.org, or of npm: npm install node.`,
    );
  }
  // The address of its headers is in each release.
  if (path !== process.execPath && !bytes.includes(`/${process.version}/`)) {
    throw compileError(
      `${path} is not Node.js ${process.version}, which runs miqro here. Both must be of one version: take a node ${process.version} for --compile-node.`,
    );
  }
  return { bytes, platform };
}

function platformOf(bytes: Buffer): NodeExecutable["platform"] | undefined {
  const magic = bytes.length > 8 ? bytes.readUInt32BE(0) : 0;
  if (magic === 0x7f_45_4c_46) return "linux";
  if (magic === 0xcf_fa_ed_fe) return "darwin";
  return magic >>> 16 === 0x4d_5a ? "win32" : undefined;
}

/** Why an executable cannot be made. */
export function compileError(message: string, cause?: unknown): MiqroError {
  return new MiqroError("ERR_COMPILE", message, { cause });
}
