import assert from "node:assert/strict";
import { utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, it } from "node:test";
import { createKnownContents } from "../dist/watch/known-contents.js";
import { createProject } from "./support/project.js";

describe("createKnownContents", () => {
  // The time of a file in milliseconds after a version began to load; and whether the version surely has its content.
  const times: Readonly<Record<string, { written: number; isKnown: boolean }>> = {
    "long before": { written: -1000, isKnown: true },
    "within one tick of the kernel's clock": { written: -8, isKnown: false },
    "at the same time": { written: 0, isKnown: false },
    "while it loaded": { written: 5, isKnown: false },
  };
  for (const [when, { written, isKnown }] of Object.entries(times)) {
    it(`${isKnown ? "knows" : "does not know"} the content of a file that was written ${when}`, async (t) => {
      const project = await createProject({ "a.js": "one" });
      t.after(() => project.remove());
      const file = join(project.path, "a.js");
      const since = Date.now();
      await utimes(file, since / 1000, (since + written) / 1000);
      const contents = createKnownContents();
      contents.note([file], since);
      assert.equal(contents.isSame(file), isKnown);
      await writeFile(file, "two");
      assert.equal(contents.isSame(file), false);
    });
  }
});
