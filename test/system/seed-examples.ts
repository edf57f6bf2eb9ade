import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { cp, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { createEmptyFolder, type EmptyFolder, type PackedPackages } from "miqro-tests/packed-app";
import { type RunningProcess, startProcess } from "miqro-tests/process";

const run = promisify(execFile);
const sources = fileURLToPath(new URL("../system/apps", import.meta.url));

/** A way from sources to what runs. */
export interface Way {
  readonly name: string;
  /** What is installed besides the packages of the project. */
  readonly packages: readonly string[];
  readonly flags: readonly string[];
  /** Whether tsc has run before. */
  readonly isCompiled?: true;
}

/** The three ways. */
export const ways: readonly Way[] = [
  { name: "tsc, then --no-build", packages: ["typescript@7"], flags: ["--no-build"], isCompiled: true },
  { name: "esbuild at the start", packages: ["esbuild@0.28"], flags: [] },
  { name: "tsc at the start", packages: ["typescript@7"], flags: [] },
];

/** What a request was answered. */
export interface Seen {
  readonly status: number;
  readonly type: string | null;
  readonly text: string;
}

/** A folder with all apps, on one way. */
export interface Apps {
  readonly folder: EmptyFolder;
  /** Starts one app, and resolves with its address. */
  start(name: string, options?: StartOptions): Promise<StartedApp>;
  /** Runs the command line in the folder of an app, to its end. */
  run(name: string, args: readonly string[], env?: NodeJS.ProcessEnv): Promise<Ended>;
  remove(): Promise<void>;
}

export interface StartOptions {
  readonly args?: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  readonly program?: string;
}

export interface StartedApp {
  readonly url: string;
  readonly process: RunningProcess;
  ask(path: string, init?: RequestInit): Promise<Seen>;
}

export interface Ended {
  readonly code: number | NodeJS.Signals;
  readonly output: string;
}

/** Where the Node.js is that runs the apps, and the database that it has. */
export interface AppsOptions {
  readonly node?: string;
  /** The folder of an installed `sqlite3`, for a Node.js without a database of its own. */
  readonly sqlite3?: string;
  /** Apps of what is not there yet. */
  readonly absent?: readonly string[];
}

/** Installs the packages for one way, and puts the apps beside them. */
export async function installApps(
  way: Way,
  packed: PackedPackages,
  { node = process.execPath, sqlite3, absent = [] }: AppsOptions = {},
): Promise<Apps> {
  const folder = await createEmptyFolder();
  await folder.install(...packed.tarballs.values(), ...way.packages);
  await cp(sources, join(folder.path, "apps"), { recursive: true });
  for (const app of absent) await rm(join(folder.path, "apps", app), { recursive: true });
  if (sqlite3 !== undefined) {
    await symlink(sqlite3, join(folder.path, "node_modules/sqlite3"));
    for (const path of await readdir(join(folder.path, "apps"), { recursive: true })) {
      if (!path.endsWith("db.ts")) continue;
      const text = await readFile(join(folder.path, "apps", path), "utf8");
      await writeFile(join(folder.path, "apps", path), text.replace('"node:sqlite"', '"sqlite3"'));
    }
  }
  const program = (name: string) => join(folder.path, "node_modules/miqro/bin", name);
  const start = (app: string, all: readonly string[], env: NodeJS.ProcessEnv = {}) => {
    // A test of an app must not take this process for its runner.
    const { NODE_TEST_CONTEXT: _, ...clean } = process.env;
    return startProcess(node, all, {
      cwd: join(folder.path, "apps", app),
      env: { ...clean, NO_COLOR: "1", ...env },
    });
  };
  if (way.isCompiled === true) {
    await run(node, [program("miqro.js"), "--install-tsconfig"], { cwd: folder.path });
    // Every example passes as it is written.
    const tsc = [join(folder.path, "node_modules/typescript/bin/tsc"), "--pretty", "false"];
    const { stdout } = await run(node, tsc, { cwd: folder.path }).catch((error: { stdout: string }) => error);
    const refused = stdout.split("\n").filter((line) => line !== "" && !line.startsWith("apps/broken/"));
    assert.deepEqual(refused, [], "tsc refuses an example.");
  }
  return {
    folder,
    async start(app, options = {}) {
      const { args = ["--service", "app/"], env, program: named = "miqro.js" } = options;
      const child = start(
        app,
        [program(named), ...way.flags, ...args, "--port", "0", "--host", "127.0.0.1"],
        env,
      );
      const [, url = ""] = await child.waitFor(/on (http:\/\/\S+) \(/);
      return {
        url,
        process: child,
        async ask(path, init) {
          // The end of the app would wait for a connection that is kept.
          const headers = { connection: "close", ...init?.headers };
          const response = await fetch(url + path, { redirect: "manual", ...init, headers });
          const type = response.headers.get("content-type");
          return { status: response.status, type, text: await response.text() };
        },
      };
    },
    async run(app, args, env) {
      const child = start(
        app,
        args[0]?.startsWith("--") ? [program("miqro.js"), ...way.flags, ...args] : args,
        env,
      );
      const code = await child.exited;
      return { code, output: child.output() };
    },
    remove: () => folder.remove(),
  };
}

/** A path in a folder that is deleted with all temporary ones. */
export async function temporaryFolder(): Promise<{ readonly path: string; remove(): Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), "miqro-seed-"));
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}
