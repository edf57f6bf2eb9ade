import { createHash } from "node:crypto";
import { readFileSync, statSync } from "node:fs";

/**
 * The contents of the files of the running version. A file that is written with the same content makes no new version.
 */
export interface KnownContents {
  /**
   * Notes files that a version has loaded.
   * @param since - the time when it began to load, in milliseconds since 1970: a file that was written later may differ
   * from the loaded file
   */
  note(files: readonly string[], since: number): void;
  /**
   * Whether a file has the content of the running version. If it does not, its content is forgotten until a version has
   * loaded the file again.
   */
  isSame(file: string): boolean;
}

interface Known {
  readonly time: number;
  readonly hash: string;
}

/** Makes an empty object. */
export function createKnownContents(): KnownContents {
  const known = new Map<string, Known>();
  return {
    note(files, since) {
      for (const file of files) {
        const time = timeOf(file);
        if (time === known.get(file)?.time) continue;
        const hash = time === undefined || isWrittenSince(file, since) ? undefined : hashOf(file);
        if (hash === undefined || time === undefined) known.delete(file);
        else known.set(file, { time, hash });
      }
    },
    isSame(file) {
      const before = known.get(file);
      if (before === undefined) return false;
      const hash = hashOf(file);
      if (hash === before.hash) return true;
      known.delete(file);
      return false;
    },
  };
}

// A file system takes the time from the last tick of the kernel, which is up to 10 ms before Date.now().
const tick = 20;

/** Whether a file may have been written at or after a time, in milliseconds since 1970. False if it was deleted. */
export function isWrittenSince(file: string, since: number): boolean {
  const time = timeOf(file);
  return time !== undefined && time + tick >= since;
}

/** The time when a file was written, in milliseconds since 1970; undefined if it was deleted. */
export function timeOf(file: string): number | undefined {
  return statSync(file, { throwIfNoEntry: false })?.mtimeMs;
}

function hashOf(file: string): string | undefined {
  try {
    return createHash("sha1").update(readFileSync(file)).digest("base64");
  } catch {
    return undefined;
  }
}
