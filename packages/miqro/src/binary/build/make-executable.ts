import { spawnSync } from "node:child_process";
import { chmodSync, copyFileSync, mkdtempSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { compileError, type NodeExecutable, readNodeExecutable, sentinelFuse } from "./node-executable.js";

const mainScript = fileURLToPath(new URL("../sea-main.cjs", import.meta.url));

/** What an executable is made of. */
export interface MakeExecutableOptions {
  readonly pack: Buffer;
  /** The node that becomes the executable; that of this process unless given. */
  readonly node?: string | undefined;
  /** The file to write; a file of this name is replaced. */
  readonly out: string;
}

/** What is there before the work begins, so that nothing is missing at its end. */
export interface PreparedExecutable {
  /** Writes the executable, and returns its size in bytes. */
  make(options: Pick<MakeExecutableOptions, "pack">): number;
  /** Removes what was begun, where nothing is to be made. */
  giveUp(): void;
  /** The system that it is for. */
  readonly platform: NodeExecutable["platform"];
}

/**
 * Finds what makes an executable, and checks that it can be written, before services are loaded.
 * @throws {MiqroError} `ERR_COMPILE` with the remedy
 */
export function prepareExecutable({
  node = process.execPath,
  out,
}: Omit<MakeExecutableOptions, "pack">): PreparedExecutable {
  const executable = readNodeExecutable(node);
  const isBuiltIn = hasBuildSea();
  const postject = isBuiltIn ? undefined : findPostject();
  const target = resolve(out);
  if (statSync(target, { throwIfNoEntry: false })?.isDirectory() === true) {
    throw compileError(`${out} is a folder. --compile-out names the file to write.`);
  }
  // Beside the target, so that it takes its place in one step; it also tells whether the folder can be written.
  const work = makeFolder(dirname(target));
  const giveUp = () => rmSync(work, { recursive: true, force: true });
  return {
    platform: executable.platform,
    giveUp,
    make({ pack }) {
      try {
        const made = isBuiltIn
          ? buildSea(work, { pack, node })
          : inject(work, { pack, postject: postject ?? "", executable, node });
        chmodSync(made, 0o755);
        if (executable.platform === "darwin") sign(made);
        renameSync(made, target);
        return statSync(target).size;
      } catch (error) {
        throw toCompileError(error, out);
      } finally {
        giveUp();
      }
    },
  };
}

function makeFolder(folder: string): string {
  try {
    return mkdtempSync(join(folder, ".miqro-compile-"));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const why = code === "ENOENT" ? "does not exist" : `cannot be written: ${code}`;
    throw compileError(`The folder ${folder} ${why}. --compile-out names a file in another.`, error);
  }
}

/** Node.js 25.5 and later write executables themselves, unless they were built without the library for it. */
function hasBuildSea(): boolean {
  const { node_use_lief: hasLibrary } = process.config.variables as { readonly node_use_lief?: unknown };
  return hasLibrary === true || hasLibrary === 1;
}

/** The package that is installed beside the project, or with miqro. */
function findPostject(): string {
  for (const from of [join(process.cwd(), "_"), import.meta.url]) {
    try {
      return createRequire(from).resolve("postject");
    } catch {
      // The next place may have it.
    }
  }
  throw compileError(
    `Node.js ${process.versions.node} does not write executables itself; postject does it. Run "npm install --save-dev postject", or use Node.js 26.`,
  );
}

interface Build {
  readonly pack: Buffer;
  readonly node: string;
}

function buildSea(work: string, { pack, node }: Build): string {
  writeConfig(work, { pack, output: "executable", executable: resolve(node) });
  run(process.execPath, ["--build-sea", "sea.json"], work);
  return join(work, "executable");
}

/** Two steps: Node.js packs the program, and postject puts the pack into a copy of a node. */
function inject(
  work: string,
  {
    pack,
    node,
    postject,
    executable,
  }: Build & { readonly postject: string; readonly executable: NodeExecutable },
): string {
  writeConfig(work, { pack, output: "program.blob" });
  run(process.execPath, ["--experimental-sea-config", "sea.json"], work);
  const copy = join(work, "executable");
  copyFileSync(node, copy);
  chmodSync(copy, 0o755);
  if (executable.platform === "darwin" && process.platform === "darwin") {
    run("codesign", ["--remove-signature", copy], work);
  }
  const segment = executable.platform === "darwin" ? ["--macho-segment-name", "NODE_SEA"] : [];
  const program = [join(dirname(postject), "cli.js"), copy, "NODE_SEA_BLOB", join(work, "program.blob")];
  run(process.execPath, [...program, "--sentinel-fuse", sentinelFuse, ...segment], work);
  return copy;
}

/** All its paths are relative: they are in the bytes that Node.js packs, which must be the same anywhere. */
function writeConfig(
  work: string,
  { pack, ...rest }: { readonly pack: Buffer; readonly output: string; readonly executable?: string },
): void {
  copyFileSync(mainScript, join(work, "main.cjs"));
  writeFileSync(join(work, "pack"), pack);
  const config = { main: "main.cjs", disableExperimentalSEAWarning: true, assets: { pack: "pack" }, ...rest };
  writeFileSync(join(work, "sea.json"), JSON.stringify(config));
}

/** macOS on arm64 runs nothing that is not signed. Elsewhere it has to be done later. */
function sign(file: string): void {
  if (process.platform === "darwin") run("codesign", ["--sign", "-", file], dirname(file));
}

function run(command: string, args: readonly string[], cwd: string): void {
  // What a tool says is told only where it fails.
  const { status, error, stdout, stderr } = spawnSync(command, args, { cwd, encoding: "utf8" });
  if (error !== undefined)
    throw compileError(`${basename(command)} could not be started: ${error.message}.`, error);
  if (status === 0) return;
  const said = `${stdout}${stderr}`.trim().split("\n").at(-1) ?? "";
  throw compileError(`${basename(command)} ${basename(args[0] ?? "")} failed: ${said}`);
}

function toCompileError(error: unknown, out: string): unknown {
  const { code } = error as NodeJS.ErrnoException;
  if (code === "ENOSPC")
    return compileError(`There is no space left on the disk for ${out}. Make some.`, error);
  return error;
}
