import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const run = promisify(execFile);
const root = fileURLToPath(new URL("../..", import.meta.url));
const folders = ["core", "editor", "jsx", "jsx-dom", "jsx-node", "miqro", "parser", "query", "runner"];

// The names and types that users of a package can reach change on purpose only. `RECORD=1 npm test -- system` writes
// the new state down, and the commit shows the difference.
describe("the API of each package", () => {
  for (const folder of folders) {
    it(`${folder} is as test/api/${folder}.txt says`, async () => {
      const program = join(root, "test/parts/api-report.js");
      const { stdout } = await run(process.execPath, [program, folder], { maxBuffer: 16 * 1024 * 1024 });
      const file = join(root, "test/api", `${folder}.txt`);
      if (process.env.RECORD === "1") await writeFile(file, stdout);
      assert.equal(
        stdout,
        await readFile(file, "utf8"),
        "If the change is meant: RECORD=1 npm test -- system",
      );
    });
  }
});
