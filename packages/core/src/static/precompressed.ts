import { chooseEncoding } from "../exchange/accept-encoding.js";
import type { FileStore, ServedFile } from "./file-store.js";

/** A coding of a compressed file beside the plain one. */
export type FileEncoding = "br" | "zstd" | "gzip";

/** The suffixes of compressed files, the best coding first. */
const encodingSuffixes: Readonly<Record<FileEncoding, string>> = {
  br: ".br",
  zstd: ".zst",
  gzip: ".gz",
};

/** The file to send: plain, or compressed. */
export interface ChosenFile {
  readonly file: ServedFile;
  readonly encoding: FileEncoding | undefined;
  /** Whether another client may get another file for the same path. */
  readonly varies: boolean;
}

/**
 * Chooses between a file and the compressed files beside it.
 *
 * @param segments The path of the plain file.
 * @param header The `Accept-Encoding` of the request.
 */
export async function chooseFile(
  store: FileStore,
  segments: readonly string[],
  file: ServedFile,
  encodings: readonly FileEncoding[],
  header: string | undefined,
): Promise<ChosenFile> {
  const folder = segments.slice(0, -1);
  const name = segments.at(-1) ?? "";
  const found = new Map<FileEncoding, ServedFile>();
  await Promise.all(
    encodings.map(async (encoding) => {
      const neighbour = await store.find([...folder, name + encodingSuffixes[encoding]]);
      if (neighbour !== undefined && neighbour !== "folder") found.set(encoding, neighbour);
    }),
  );
  const offered = encodings.filter((encoding) => found.has(encoding));
  const encoding = chooseEncoding(header, offered) as FileEncoding | undefined;
  const chosen = encoding === undefined ? undefined : found.get(encoding);
  return { file: chosen ?? file, encoding, varies: offered.length > 0 };
}
