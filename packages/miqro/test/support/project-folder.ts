import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { TestContext } from "node:test";

/** The text of each file, by its path with `/`. */
export type Files = Readonly<Record<string, string>>;

/** A folder of files that goes away with the test. */
export interface ProjectFolder {
  readonly root: string;
  path(name: string): string;
  write(files: Files): Promise<void>;
  /** Makes `name` a link to `target`; both are paths in the folder. */
  link(name: string, target: string): Promise<void>;
}

/** Writes a small project, with `"type": "module"` unless its files say otherwise. */
export async function createProjectFolder(context: TestContext, files: Files): Promise<ProjectFolder> {
  const root = await realpath(await mkdtemp(join(tmpdir(), "miqro-client-")));
  context.after(() => rm(root, { recursive: true, force: true }));
  const folder: ProjectFolder = {
    root,
    path: (name) => join(root, name),
    async write(added) {
      for (const [name, text] of Object.entries(added)) {
        await mkdir(dirname(join(root, name)), { recursive: true });
        await writeFile(join(root, name), text);
      }
    },
    async link(name, target) {
      await mkdir(dirname(join(root, name)), { recursive: true });
      await symlink(join(root, target), join(root, name), "junction");
    },
  };
  await folder.write({ "package.json": JSON.stringify({ name: "project", type: "module" }), ...files });
  return folder;
}
