import assert from "node:assert/strict";
import fs from "node:fs";
import { utimes, writeFile } from "node:fs/promises";
import { syncBuiltinESMExports } from "node:module";
import { join } from "node:path";
import { afterEach, beforeEach, describe, it, mock } from "node:test";
import { createKnownContents } from "../dist/watch/known-contents.js";
import { createProject, type Project } from "./support/project.js";

describe("createKnownContents", () => {
  let project: Project;
  let file: string;
  beforeEach(async () => {
    project = await createProject({ "a.js": "one" });
    file = join(project.path, "a.js");
  });
  afterEach(() => project.remove());

  // The time of a file in milliseconds after a version began to load; and whether the version surely has its content.
  const times: Readonly<Record<string, { written: number; isKnown: boolean }>> = {
    "long before": { written: -1000, isKnown: true },
    "within one tick of the kernel's clock": { written: -8, isKnown: false },
    "at the same time": { written: 0, isKnown: false },
    "while it loaded": { written: 5, isKnown: false },
  };
  for (const [when, { written, isKnown }] of Object.entries(times)) {
    it(`${isKnown ? "knows" : "does not know"} the content of a file that was written ${when}`, async () => {
      const since = Date.now();
      await utimes(file, since / 1000, (since + written) / 1000);
      const contents = createKnownContents();
      contents.note([file], since);
      assert.equal(contents.isSame(file), isKnown);
      await writeFile(file, "two");
      assert.equal(contents.isSame(file), false);
    });
  }

  describe("when a file is written while it is noted", () => {
    afterEach(() => {
      mock.restoreAll();
      syncBuiltinESMExports();
    });

    /** Calls `onStep` before and after each call of the file system. */
    const intercept = (onStep: () => void): void => {
      const { readFileSync, statSync } = fs;
      for (const [name, original] of Object.entries({ readFileSync, statSync })) {
        mock.method(fs, name as "statSync", (...args: unknown[]) => {
          onStep();
          const result: unknown = Reflect.apply(original, fs, args);
          onStep();
          return result;
        });
      }
      syncBuiltinESMExports();
    };

    for (const isNotedAgain of [false, true]) {
      it(`takes it for changed at each step${isNotedAgain ? " of a second note" : ""}`, async () => {
        let steps = 0;
        for (let at = 0; at === 0 || at <= steps; at++) {
          const since = Date.now() - 1000;
          await writeFile(file, "one");
          await utimes(file, since / 1000 - 5, since / 1000 - 5);
          const contents = createKnownContents();
          if (isNotedAgain) contents.note([file], since);
          steps = 0;
          intercept(() => {
            if (++steps === at) fs.writeFileSync(file, "two");
          });
          contents.note([file], since);
          mock.restoreAll();
          syncBuiltinESMExports();
          if (at <= steps && at > 0) assert.equal(contents.isSame(file), false, `step ${at} of ${steps}`);
        }
        assert.ok(steps >= 2, "no call was intercepted");
      });
    }
  });
});
