import { statSync } from "node:fs";
import { mkdir, readdir, readFile, rename, rm, symlink, unlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { cannotKeep } from "./cache-folder.js";
import type { Compiled } from "./compiler.js";
import { isSince } from "./file-time.js";
import { isAlive } from "./staging.js";

/** Compiled files on the disk. */
export interface Build {
  /** The folder with the compiled files. */
  readonly folder: string;
  /** The output of each source. */
  readonly outputs: ReadonlyMap<string, string>;
  readonly inputs: readonly string[];
}

interface Manifest {
  readonly id: string;
  readonly outputs: Readonly<Record<string, string>>;
  /** The time of the last change of each input, and its size. */
  readonly inputs: Readonly<Record<string, string>>;
}

// Longer than any compiler takes, in milliseconds.
const lockTimeout = 120_000;

/**
 * Builds of one kind. Each build is a folder that never changes, so that a process with an older build can still import
 * from it. `manifest.json` contains the name of the latest build.
 */
export class BuildCache {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** The latest build, if it has the outputs of all these sources and no input has changed since it was made. */
  async read(sources: readonly string[]): Promise<Build | undefined> {
    const manifest = await this.#readManifest();
    if (manifest === undefined) return undefined;
    if (!sources.every((source) => Object.hasOwn(manifest.outputs, source))) return undefined;
    const isChanged = Object.entries(manifest.inputs).some(
      ([path, stamp]) => stamp === "" || stampOf(path) !== stamp,
    );
    const folder = join(this.#folder, manifest.id);
    if (isChanged || statSync(join(folder, "package.json"), { throwIfNoEntry: false }) === undefined) {
      return undefined;
    }
    return {
      folder,
      outputs: new Map(Object.entries(manifest.outputs)),
      inputs: Object.keys(manifest.inputs),
    };
  }

  /**
   * Makes a new build. Only one process at a time does this.
   * @param modules - the folder in which packages are found, if the cache is outside of the project
   */
  async write(
    compile: (folder: string) => Promise<Compiled>,
    modules: string | undefined,
  ): Promise<Compiled & Pick<Build, "folder">> {
    const id = `${Date.now().toString(36)}-${process.pid}`;
    const folder = join(this.#folder, id);
    await mkdir(folder, { recursive: true });
    // A source may change while it is compiled. Then the build counts as old at once.
    const begun = Date.now();
    await writeFile(join(folder, "package.json"), '{ "type": "module" }\n');
    if (modules !== undefined) await symlink(modules, join(folder, "node_modules"), "junction");
    let isKept = false;
    try {
      const compiled = await compile(folder);
      if (compiled.problems.length > 0) return { ...compiled, folder };
      const inputs = Object.fromEntries(compiled.inputs.map((path) => [path, stampOf(path, begun)]));
      const manifest: Manifest = { id, outputs: Object.fromEntries(compiled.outputs), inputs };
      await writeFile(join(folder, "manifest.json"), JSON.stringify(manifest));
      await rename(join(folder, "manifest.json"), join(this.#folder, "manifest.json"));
      isKept = true;
      return { ...compiled, folder };
    } finally {
      if (!isKept) await rm(folder, { recursive: true, force: true });
    }
  }

  /** Deletes all builds except these: a running process may still need the build before the latest. */
  async clear(kept: readonly (string | undefined)[]): Promise<void> {
    for (const { name } of (await readdir(this.#folder, { withFileTypes: true })).filter((one) =>
      one.isDirectory(),
    )) {
      const folder = join(this.#folder, name);
      if (!kept.includes(folder)) await rm(folder, { recursive: true, force: true });
    }
  }

  /** The folder of the latest build, even if the build is old. */
  async latest(): Promise<string | undefined> {
    const manifest = await this.#readManifest();
    return manifest === undefined ? undefined : join(this.#folder, manifest.id);
  }

  /** Runs `work` while no other process runs it. */
  async alone<T>(work: () => Promise<T>): Promise<T> {
    const lock = join(this.#folder, "lock");
    try {
      await mkdir(this.#folder, { recursive: true });
      while (!(await takeLock(lock))) await sleep(20);
    } catch (error) {
      throw cannotKeep(this.#folder, error);
    }
    try {
      return await work();
    } finally {
      await unlink(lock).catch(() => undefined);
    }
  }

  async #readManifest(): Promise<Manifest | undefined> {
    try {
      return JSON.parse(await readFile(join(this.#folder, "manifest.json"), "utf8")) as Manifest;
    } catch {
      return undefined;
    }
  }
}

async function takeLock(lock: string): Promise<boolean> {
  try {
    await writeFile(lock, String(process.pid), { flag: "wx" });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
  const holder = Number(await readFile(lock, "utf8").catch(() => ""));
  const since = statSync(lock, { throwIfNoEntry: false })?.mtimeMs ?? Date.now();
  // In a new container, another process may have the process id of the process that ended.
  const isLeft = (holder > 0 && !isAlive(holder)) || Date.now() - since > lockTimeout;
  if (isLeft) await unlink(lock).catch(() => undefined);
  return false;
}

/** @param before - the time of the check; changes since then may not have been seen */
function stampOf(path: string, before = Number.POSITIVE_INFINITY): string {
  const found = statSync(path, { throwIfNoEntry: false });
  return found === undefined || isSince(found.mtimeMs, before) ? "" : `${found.mtimeMs} ${found.size}`;
}
