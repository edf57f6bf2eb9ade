import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { isSince, timeOf } from "../build/file-time.js";

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
        if (known.has(file) && timeOf(file) === known.get(file)?.time) continue;
        const hash = hashOf(file);
        // The time is read after the content: if the file is written between the two, its time is new.
        const time = timeOf(file);
        if (hash === undefined || time === undefined || isSince(time, since)) known.delete(file);
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

function hashOf(file: string): string | undefined {
  try {
    return createHash("sha1").update(readFileSync(file)).digest("base64");
  } catch {
    return undefined;
  }
}
