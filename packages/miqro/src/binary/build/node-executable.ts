import { readFileSync } from "node:fs";
import { fileReasonOf, MiqroError } from "../../errors.js";
import { seaBuild } from "./sea-build.js";

/** The system of an executable. */
export type ExecutablePlatform = "linux" | "darwin" | "win32";

/**
 * Reads for which system a node was built, and checks that it can carry a program.
 * @throws {MiqroError} `MIQRO_COMPILE` if it cannot; the message contains the remedy
 */
export function readNodePlatform(path: string): ExecutablePlatform {
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    throw compileError(
      `The Node.js ${path} cannot be read: ${fileReasonOf(error)}. --compile-node names the node that becomes the executable.`,
    );
  }
  const platform = platformOf(bytes);
  if (platform === undefined) {
    throw compileError(
      `${path} is not a program of Linux, macOS or Windows. --compile-node names a node, not a script.`,
    );
  }
  if (platform === "darwin" && bytes.readUInt32LE(4) === 0x01_00_00_07) {
    throw compileError(
      `${path} is a Node.js for macOS on Intel, whose executables crash when they start (nodejs/node#62893). Use one for macOS on arm64, or serve with miqro there.`,
    );
  }
  if (!bytes.includes(`${seaBuild.fuse}:0`)) {
    throw compileError(
      bytes.includes(`${seaBuild.fuse}:1`)
        ? `${path} already contains a program. --compile-node names an unchanged node, such as a node of nodejs.org.`
        : `${path} is not a Node.js that can contain a program; some distributions build Node.js without this feature. Use a node of nodejs.org, or of npm: npm install node.`,
    );
  }
  // Every release contains the address of its headers.
  if (path !== process.execPath && !bytes.includes(`/${process.version}/`)) {
    throw compileError(
      `${path} is not Node.js ${process.version}, which runs miqro here. Both must have the same version: use a node ${process.version} for --compile-node.`,
    );
  }
  return platform;
}

function platformOf(bytes: Buffer): ExecutablePlatform | undefined {
  const magic = bytes.length > 8 ? bytes.readUInt32BE(0) : 0;
  if (magic === 0x7f_45_4c_46) return "linux";
  if (magic === 0xcf_fa_ed_fe) return "darwin";
  return magic >>> 16 === 0x4d_5a ? "win32" : undefined;
}

/** The reason why an executable cannot be made. */
export function compileError(message: string, cause?: unknown): MiqroError {
  return new MiqroError("MIQRO_COMPILE", message, { cause });
}
