import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdir, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { describe, it } from "node:test";
import { makeStaging } from "../dist/build/staging.js";

describe("makeStaging", () => {
  it("removes what killed processes left, and nothing else", async (context) => {
    const folder = await mkdtemp(join(tmpdir(), "miqro-staging-"));
    context.after(() => rm(folder, { recursive: true }));
    const { pid } = spawnSync(process.execPath, ["-e", ""]);
    const kept = [`.work-${process.pid}-abcdef`, `.other-${pid}-abcdef`, `.work-${pid}`, "work"];
    for (const name of [...kept, `.work-${pid}-abcdef`]) await mkdir(join(folder, name));
    const made = basename(makeStaging(folder, ".work-"));
    assert.match(made, new RegExp(`^\\.work-${process.pid}-\\w{6}$`));
    assert.deepEqual((await readdir(folder)).sort(), [...kept, made].sort());
  });
});
