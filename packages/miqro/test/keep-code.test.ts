import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import module from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const miqro = fileURLToPath(new URL("../bin/miqro.js", import.meta.url));
const run = promisify(execFile);
const skip =
  typeof module.enableCompileCache === "function" ? false : "this version of Node.js keeps no compiled code";

/** Runs `miqro --version` in a new folder, and tells whether it kept code there. */
async function keepsCode(
  variables: Readonly<Record<string, string>> = {},
  prepare: (folder: string) => Promise<unknown> = (folder) => mkdir(join(folder, "node_modules")),
): Promise<boolean> {
  const folder = await mkdtemp(join(tmpdir(), "miqro-code-"));
  try {
    await prepare(folder);
    const {
      NODE_V8_COVERAGE: _,
      NODE_COMPILE_CACHE: __,
      NODE_DISABLE_COMPILE_CACHE: ___,
      ...env
    } = process.env;
    const options = { cwd: folder, env: { ...env, ...variables } };
    const { stdout } = await run(process.execPath, [miqro, "--version"], options);
    assert.match(stdout, /^\d+\.\d+\.\d+/);
    return existsSync(join(folder, "node_modules/.cache/miqro-code"));
  } finally {
    await rm(folder, { recursive: true });
  }
}

describe("the code that Node.js compiled", { skip }, () => {
  it("is kept in node_modules", async () => assert.equal(await keepsCode(), true));

  it("is not kept where there is no node_modules", async () => {
    assert.equal(await keepsCode({}, async () => {}), false);
  });

  it("is not kept when it is switched off, nor for a coverage", async () => {
    assert.equal(await keepsCode({ NODE_DISABLE_COMPILE_CACHE: "1" }), false);
    const coverage = await mkdtemp(join(tmpdir(), "miqro-coverage-"));
    assert.equal(await keepsCode({ NODE_V8_COVERAGE: coverage }), false);
    await rm(coverage, { recursive: true });
  });

  it("is not needed where it cannot be written", async () => {
    const prepare = async (folder: string) => {
      await mkdir(join(folder, "node_modules"));
      await writeFile(join(folder, "node_modules/.cache"), "");
    };
    assert.equal(await keepsCode({}, prepare), false);
  });
});
