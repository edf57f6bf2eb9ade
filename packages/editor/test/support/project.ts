import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const installed = fileURLToPath(new URL("../../../../node_modules/", import.meta.url));

/** A folder with a project in it, in which packages are found as if they were installed. */
export interface Project {
  readonly path: string;
  write(files: Readonly<Record<string, string | Uint8Array>>): Promise<void>;
  remove(): Promise<void>;
}

/** Makes an ES module project with files by their relative paths. */
export async function createProject(
  files: Readonly<Record<string, string | Uint8Array>> = {},
): Promise<Project> {
  const path = await realpath(await mkdtemp(join(tmpdir(), "miqro-editor-")));
  // A folder of its own, so that what is cached there goes with the project.
  await mkdir(join(path, "node_modules"));
  for (const name of ["miqro", "@miqro", "@types", "typescript", "@typescript"]) {
    await symlink(join(installed, name), join(path, "node_modules", name));
  }
  const write: Project["write"] = async (more) => {
    for (const [name, content] of Object.entries(more)) {
      await mkdir(dirname(join(path, name)), { recursive: true });
      await writeFile(join(path, name), content);
    }
  };
  await write({ "package.json": '{ "private": true, "type": "module" }', ...files });
  return { path, write, remove: () => rm(path, { recursive: true, force: true }) };
}
