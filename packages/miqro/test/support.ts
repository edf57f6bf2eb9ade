import { mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

// Below the package, so that files in it find the workspace's packages.
const base = fileURLToPath(new URL("projects/", import.meta.url));

/** A folder with a project in it: what is written there is JavaScript, which needs no compiler. */
export interface Project {
  readonly path: string;
  write(files: Readonly<Record<string, string>>): Promise<void>;
  remove(): Promise<void>;
}

/** Makes an ES module project with files by their relative paths. */
export async function createProject(files: Readonly<Record<string, string>>): Promise<Project> {
  await mkdir(base, { recursive: true });
  const path = await realpath(await mkdtemp(join(base, "project-")));
  const write = async (more: Readonly<Record<string, string>>) => {
    for (const [name, text] of Object.entries(more)) {
      await mkdir(dirname(join(path, name)), { recursive: true });
      await writeFile(join(path, name), text);
    }
  };
  await write({ "package.json": '{ "private": true, "type": "module" }', ...files });
  return { path, write, remove: () => rm(path, { recursive: true, force: true }) };
}
