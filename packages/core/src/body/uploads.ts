import { randomUUID } from "node:crypto";
import { createWriteStream } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import type { IncomingFile, UploadedFile } from "./multipart-types.js";

/** The files that one request wrote to disk. */
export class Uploads {
  readonly #folder: string;
  readonly #paths: string[] = [];
  readonly #saves: Promise<void>[] = [];

  /** @param folder The folder for files. Default: the system's folder for temporary files. */
  constructor(folder: string = tmpdir()) {
    this.#folder = folder;
  }

  /** Writes a file under a new name, readable by this user only. */
  async save({ stream, ...file }: IncomingFile): Promise<UploadedFile> {
    const path = join(this.#folder, `upload-${randomUUID()}`);
    const target = createWriteStream(path, { flags: "wx", mode: 0o600 });
    this.#paths.push(path);
    const save = pipeline(stream, target);
    this.#saves.push(save);
    await save;
    return { ...file, size: target.bytesWritten, path };
  }

  /** Removes the files that were not moved, when all of them are closed. */
  async remove(): Promise<void> {
    await Promise.allSettled(this.#saves);
    await Promise.all(this.#paths.map((path) => rm(path, { force: true })));
  }
}
