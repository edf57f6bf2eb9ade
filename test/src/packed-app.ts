import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { type RunningProcess, startProcess } from "./process.js";

const run = promisify(execFile);
const root = fileURLToPath(new URL("../..", import.meta.url));

/** The packages as they would be published. */
export interface PackedPackages {
  /** The tarball of a package, by its folder's name. */
  readonly tarballs: ReadonlyMap<string, string>;
  remove(): Promise<void>;
}

/** Packs every package of the workspace into a temporary folder. */
export async function packPackages(): Promise<PackedPackages> {
  const folder = await mkdtemp(join(tmpdir(), "miqro-packed-"));
  const names = await readdir(join(root, "packages"));
  const workspaces = names.map((name) => `--workspace=packages/${name}`);
  const { stdout } = await run("npm", ["pack", "--json", "--pack-destination", folder, ...workspaces], {
    cwd: root,
    maxBuffer: 64 * 1024 * 1024,
  });
  const packed = Object.values(JSON.parse(stdout) as Record<string, { name: string; filename: string }>);
  const tarballs = new Map(
    packed.map(({ name, filename }) => [name.replace("@miqro/", ""), join(folder, filename)]),
  );
  return { tarballs, remove: () => rm(folder, { recursive: true, force: true }) };
}

/** A folder outside of the workspace, as a user would have it. */
export interface EmptyFolder {
  readonly path: string;
  /** Writes files by their paths relative to the folder. */
  write(files: Readonly<Record<string, string>>): Promise<void>;
  /** Installs tarballs and packages of the registry. */
  install(...packages: string[]): Promise<void>;
  /** Runs a JavaScript program of an installed package with the Node.js of this process. */
  start(program: string, args: readonly string[], env?: NodeJS.ProcessEnv): RunningProcess;
  remove(): Promise<void>;
}

/** Makes a folder with nothing in it but a `package.json`. */
export async function createEmptyFolder(packageJSON: object = { private: true }): Promise<EmptyFolder> {
  const path = await mkdtemp(join(tmpdir(), "miqro-app-"));
  const write = async (files: Readonly<Record<string, string>>) => {
    for (const [name, text] of Object.entries(files)) {
      await mkdir(dirname(join(path, name)), { recursive: true });
      await writeFile(join(path, name), text);
    }
  };
  await write({ "package.json": JSON.stringify(packageJSON) });
  return {
    path,
    write,
    async install(...packages) {
      await run("npm", ["install", "--prefer-offline", "--no-audit", "--no-fund", ...packages], {
        cwd: path,
      });
    },
    start: (program, args, env = {}) =>
      startProcess(process.execPath, [join(path, "node_modules", program), ...args], {
        cwd: path,
        env: { ...process.env, ...env },
      }),
    remove: () => rm(path, { recursive: true, force: true }),
  };
}
