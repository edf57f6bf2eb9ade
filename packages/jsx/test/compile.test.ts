import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { join } from "node:path";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const tsc = join(fileURLToPath(import.meta.resolve("typescript/package.json")), "../bin/tsc");

async function compile(fixture: string): Promise<string> {
  const project = fileURLToPath(new URL(`../test/fixtures/${fixture}/tsconfig.json`, import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, [tsc, "-p", project]).catch(
    (error) => error,
  );
  return stdout;
}

describe("JSX in a program", () => {
  it("compiles pages and components as they are written without types, where nothing is strict", async () => {
    assert.equal(await compile("loose"), "");
  });

  it("compiles declared elements where everything is strict and libraries are checked", async () => {
    assert.equal(await compile("strict"), "");
  });
});
