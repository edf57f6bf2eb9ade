import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { join } from "node:path";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const tsc = join(fileURLToPath(import.meta.resolve("typescript/package.json")), "../bin/tsc");
const project = fileURLToPath(new URL("../test/fixtures/loose/tsconfig.json", import.meta.url));

describe("JSX in a program that is not strict", () => {
  it("compiles pages and components as they are written without types", async () => {
    const { stdout } = await promisify(execFile)(process.execPath, [tsc, "-p", project]);
    assert.equal(stdout, "");
  });
});
