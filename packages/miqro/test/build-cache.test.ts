import assert from "node:assert/strict";
import { rm, utimes } from "node:fs/promises";
import { join } from "node:path";
import { describe, it } from "node:test";
import { BuildCache } from "../dist/build/build-cache.js";
import { createProject } from "./support/project.js";

describe("BuildCache", () => {
  const write = (ms: number) => async (file: string) => {
    const time = (Date.now() + ms) / 1000;
    await utimes(file, time, time);
  };
  // What happens to an input while it is compiled; and whether the build is used again.
  const changes: Readonly<Record<string, { change(file: string): Promise<void>; isKept: boolean }>> = {
    "was written long before": { change: write(-1000), isKept: true },
    "was written within one tick of the kernel's clock": { change: write(-8), isKept: false },
    "is written at the same time": { change: write(0), isKept: false },
    "is written later": { change: write(5), isKept: false },
    "is deleted": { change: (file) => rm(file), isKept: false },
  };
  for (const [what, { change, isKept }] of Object.entries(changes)) {
    it(`${isKept ? "keeps" : "does not keep"} a build whose input ${what}`, async (t) => {
      const project = await createProject({ "a.ts": "" });
      t.after(() => project.remove());
      const source = join(project.path, "a.ts");
      const cache = new BuildCache(join(project.path, "cache"));
      await cache.write(async (folder) => {
        await change(source);
        return { outputs: new Map([[source, join(folder, "a.js")]]), inputs: [source], problems: [] };
      }, undefined);
      assert.equal((await cache.read([source])) !== undefined, isKept);
    });
  }
});
