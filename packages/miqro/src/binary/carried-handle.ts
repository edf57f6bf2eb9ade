import type { Stats } from "node:fs";
import { Readable } from "node:stream";

/** An open file of the executable: it has the methods for reading of the handles of `fs.promises.open`. */
export interface CarriedHandle {
  stat(): Promise<Stats>;
  read(
    buffer: Buffer,
    offset: number,
    length: number,
    position: number,
  ): Promise<{ readonly bytesRead: number; readonly buffer: Buffer }>;
  readFile(
    options?: BufferEncoding | { readonly encoding?: BufferEncoding | null },
  ): Promise<Buffer | string>;
  createReadStream(options?: StreamRange): Readable;
  close(): Promise<void>;
}

/** The part of a file that a stream reads; both ends are included. */
export interface StreamRange {
  readonly start?: number;
  readonly end?: number;
  readonly encoding?: BufferEncoding;
}

/** Opens a file that the executable carries. The bytes are read directly from the executable. */
export function openCarried(bytes: Buffer, readStats: () => Stats): CarriedHandle {
  return {
    stat: async () => readStats(),
    async read(buffer, offset, length, position) {
      return { bytesRead: bytes.copy(buffer, offset, position, position + length), buffer };
    },
    async readFile(options) {
      const encoding = typeof options === "string" ? options : options?.encoding;
      return encoding ? bytes.toString(encoding) : Buffer.from(bytes);
    },
    createReadStream: (options = {}) => streamOf(bytes, options),
    close: async () => {},
  };
}

// Reads a file as `fs.createReadStream` does.
const chunk = 64 * 1024;

/**
 * Streams a part of a file. For a slow reader, the stream keeps no more bytes in memory than a stream of a file on the
 * disk.
 */
export function streamOf(
  bytes: Buffer,
  { start = 0, end = bytes.length - 1, encoding }: StreamRange,
): Readable {
  let position = start;
  const stop = Math.min(end + 1, bytes.length);
  return new Readable({
    ...(encoding === undefined ? {} : { encoding }),
    highWaterMark: chunk,
    read() {
      const next = Math.min(position + chunk, stop);
      this.push(next > position ? Buffer.from(bytes.subarray(position, next)) : null);
      position = next;
    },
  });
}
