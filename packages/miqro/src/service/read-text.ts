import { isAscii } from "node:buffer";
import { readFileSync } from "node:fs";
import { MiqroError } from "../errors.js";

/**
 * Reads a text file. A byte order mark, which Windows editors write, is not part of the content. It names the encoding
 * of the file; without it, the text is UTF-8.
 * @throws {MiqroError} `MIQRO_SERVICE` if the file is not valid text of this encoding
 */
export async function readText(file: string): Promise<string> {
  // A service can have thousands of files. For these, the thread pool takes longer than the disk, so the read is
  // synchronous.
  const bytes = readFileSync(file);
  const [first, second] = bytes;
  const encoding =
    first === 0xff && second === 0xfe ? "utf-16le" : first === 0xfe && second === 0xff ? "utf-16be" : "utf-8";
  try {
    // Most files are ASCII, which is detected without decoding.
    if (isAscii(bytes)) return bytes.toString("latin1");
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new MiqroError("MIQRO_SERVICE", `it is not ${encoding.toUpperCase()} text. Save it as UTF-8.`, {
      cause,
    });
  }
}

/** A text without a byte order mark at its beginning, for text that other code has read. */
export function withoutByteOrderMark(text: string): string {
  return text.startsWith("\uFEFF") ? text.slice(1) : text;
}
