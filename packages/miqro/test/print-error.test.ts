import assert from "node:assert/strict";
import { join } from "node:path";
import { describe, it } from "node:test";
import { errorLines } from "../dist/cli/print-error.js";

const here = (path: string) => join(process.cwd(), path);
const system = (fields: object) => Object.assign(new Error("EXXX: raw words"), fields);

const lines: Readonly<Record<string, readonly [error: unknown, line: string]>> = {
  "a folder that may not be listed": [
    system({ code: "EACCES", syscall: "scandir", path: here("app/http") }),
    "app/http cannot be read: this user has no permission.",
  ],
  "a full disk": [
    system({ code: "ENOSPC", syscall: "copyfile", path: here("a"), dest: here("b") }),
    "b cannot be written: the disk is full.",
  ],
  "a full disk, of which Node.js names no file": [
    system({ code: "ENOSPC", syscall: "write" }),
    "A file cannot be written: the disk is full.",
  ],
  "a file that others own": [
    system({ code: "EACCES", syscall: "open", path: here("tsconfig.json") }),
    "tsconfig.json cannot be opened: this user has no permission.",
  ],
  "a read-only disk": [
    system({ code: "EROFS", syscall: "mkdir", path: here("app") }),
    "app cannot be made: the disk is read-only.",
  ],
  "a code without words of its own": [
    system({ code: "EMFILE", syscall: "open", path: here("a") }),
    "a cannot be opened: EMFILE.",
  ],
};

describe("errorLines", () => {
  for (const [what, [error, line]] of Object.entries(lines)) {
    it(`says in a sentence: ${what}`, () => assert.deepEqual(errorLines(error), [line]));
  }
});
