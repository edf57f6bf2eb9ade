import { closeSync, openSync, readSync, statSync } from "node:fs";

const chunk = 256 * 1024;

/** Whether two files have the same bytes. Neither file is read into memory as a whole. */
export function filesAreEqual(one: string, other: string): boolean {
  if (statSync(one).size !== statSync(other).size) return false;
  const files = [openSync(one, "r"), openSync(other, "r")] as const;
  try {
    const left = Buffer.alloc(chunk);
    const right = Buffer.alloc(chunk);
    for (;;) {
      const count = readSync(files[0], left, 0, chunk, null);
      // A read returns all requested bytes, except at the end of the file.
      if (count !== readSync(files[1], right, 0, chunk, null)) return false;
      if (count === 0) return true;
      if (!left.subarray(0, count).equals(right.subarray(0, count))) return false;
    }
  } finally {
    for (const file of files) closeSync(file);
  }
}
