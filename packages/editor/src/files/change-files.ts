import { randomUUID } from "node:crypto";
import { cp, mkdir, rename, rm } from "node:fs/promises";
import { basename, dirname, join, sep } from "node:path";
import { BadRequestError, ConflictError, NotFoundError } from "miqro";
import { findProjectPath, isThere, type ProjectPath } from "./project-path.js";
import { inTurn } from "./write-file.js";

/** The folder of removed files. It is inside the project, so that a file can be moved there by a rename. */
const trash: readonly string[] = ["node_modules", ".cache", "miqro", "editor-trash"];

/** Makes an empty folder. */
export async function createFolder({ path, file }: ProjectPath): Promise<void> {
  if (await isThere(file)) throw new ConflictError(`${path} already exists.`);
  await mkdir(file, { recursive: true });
}

/** Moves a file or a folder. Throws if the new path already exists. */
export async function movePath(from: ProjectPath, to: ProjectPath): Promise<void> {
  if (`${to.file}${sep}`.startsWith(`${from.file}${sep}`)) {
    throw new BadRequestError(`${from.path} cannot be moved into itself.`);
  }
  await inTurn(to.file, async () => {
    if (!(await isThere(from.file))) throw new NotFoundError(`${from.path} does not exist.`);
    if (await isThere(to.file)) throw new ConflictError(`${to.path} already exists.`);
    await mkdir(dirname(to.file), { recursive: true });
    await move(from.file, to.file);
  });
}

/** The removed files and folders. They can be restored while the editor runs. */
export class Trash {
  readonly #root: string;
  readonly #removed = new Map<string, string>();

  /** @param root - the project folder */
  constructor(root: string) {
    this.#root = root;
  }

  /** Removes a file or a folder. Returns an id with which it can be restored. */
  async remove({ path, file }: ProjectPath): Promise<string> {
    return inTurn(file, async () => {
      if (!(await isThere(file))) throw new NotFoundError(`${path} does not exist.`);
      const id = randomUUID();
      await mkdir(join(this.#root, ...trash, id), { recursive: true });
      await move(file, join(this.#root, ...trash, id, basename(file)));
      this.#removed.set(id, path);
      return id;
    });
  }

  /** Restores a removed file or folder. Returns its path. */
  async restore(id: string): Promise<string> {
    const path = this.#removed.get(id);
    if (path === undefined) throw new NotFoundError("The removed file does not exist any more.");
    const { file } = await findProjectPath(this.#root, path, false);
    await inTurn(file, async () => {
      if (await isThere(file)) throw new ConflictError(`${path} exists again. Rename it first.`);
      await mkdir(dirname(file), { recursive: true });
      await move(join(this.#root, ...trash, id, basename(file)), file);
      this.#removed.delete(id);
      await rm(join(this.#root, ...trash, id), { recursive: true, force: true });
    });
    return path;
  }
}

/** A rename to another file system is not possible, so the file is copied. */
async function move(from: string, to: string): Promise<void> {
  try {
    await rename(from, to);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EXDEV") throw error;
    await cp(from, to, { recursive: true, errorOnExist: true, force: false, verbatimSymlinks: true });
    await rm(from, { recursive: true });
  }
}
