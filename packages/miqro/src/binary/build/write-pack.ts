import { createHash } from "node:crypto";
import type { CarriedFile, PackIndex } from "../pack-index.js";

/** The content of a pack: files by their paths in the executable, and the rest of the index. */
export interface PackContent {
  readonly files: ReadonlyMap<string, Buffer>;
  readonly index: Omit<PackIndex, "files">;
}

/**
 * Joins an index and files into one sequence of bytes. The same content gives the same bytes, independent of the order
 * in which it was found.
 */
export function writePack({ files, index }: PackContent): Buffer {
  const places: Record<string, CarriedFile> = Object.create(null);
  const parts: Buffer[] = [];
  let offset = 0;
  for (const path of [...files.keys()].sort()) {
    const bytes = files.get(path) ?? Buffer.alloc(0);
    const digest = createHash("sha256").update(bytes).digest("base64url").slice(0, 22);
    places[path] = [offset, bytes.length, digest];
    parts.push(bytes);
    offset += bytes.length;
  }
  const head = Buffer.from(JSON.stringify(sorted({ ...index, files: places })));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(head.length);
  return Buffer.concat([length, head, ...parts]);
}

/** The same value with the keys of all its objects sorted. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
  return Object.fromEntries(entries.map(([key, one]) => [key, sorted(one)]));
}
