import { mkdir, mkdtemp, realpath, rm, symlink, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const installed = fileURLToPath(new URL("../../../../node_modules", import.meta.url));

/** A folder with a project in it: what is written there is JavaScript, which needs no compiler. */
export interface Project {
  readonly path: string;
  write(files: Readonly<Record<string, string>>): Promise<void>;
  /** Makes files look as if they had been written a minute ago. */
  age(files: Iterable<string>): Promise<void>;
  remove(): Promise<void>;
}

/**
 * Makes an ES module project with files by their relative paths.
 * @param packages - the names of the packages that it has installed, scopes as a whole. Default: all of the workspace.
 */
export async function createProject(
  files: Readonly<Record<string, string>>,
  packages?: readonly string[],
): Promise<Project> {
  const path = await realpath(await mkdtemp(join(tmpdir(), "miqro-project-")));
  const modules = join(path, "node_modules");
  if (packages === undefined) await symlink(installed, modules);
  else {
    await mkdir(modules);
    for (const name of packages) await symlink(join(installed, name), join(modules, name));
  }
  const write = async (more: Readonly<Record<string, string>>) => {
    for (const [name, text] of Object.entries(more)) {
      await mkdir(dirname(join(path, name)), { recursive: true });
      await writeFile(join(path, name), text);
    }
  };
  const age = async (names: Iterable<string>) => {
    const time = Date.now() / 1000 - 60;
    for (const name of names) await utimes(join(path, name), time, time);
  };
  await write({ "package.json": '{ "private": true, "type": "module" }', ...files });
  return { path, write, age, remove: () => rm(path, { recursive: true, force: true }) };
}
