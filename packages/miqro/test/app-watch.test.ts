import assert from "node:assert/strict";
import { join } from "node:path";
import { it } from "node:test";
import { watchApp } from "../dist/watch/app-watch.js";
import type { WatchedPaths } from "../dist/watch/watched-paths.js";
import { createProject } from "./support/project.js";

it("watchApp keeps the paths of the last update when an earlier one takes longer", async (t) => {
  const project = await createProject({ "0/a.js": "", "1/a.js": "", "2/a.js": "" });
  t.after(() => project.remove());
  const waiting: (() => void)[] = [];
  let calls = 0;
  const pathsOf = (name: string): WatchedPaths => ({
    folders: [join(project.path, name)],
    isIgnored: () => false,
    isRelevant: () => true,
    outputOf: () => undefined,
  });
  const watch = await watchApp({
    debounce: 20,
    onChange: () => {},
    onError: assert.fail,
    findPaths: () => {
      const found = pathsOf(String(calls++));
      return new Promise((resolve) => {
        waiting.push(() => resolve(found));
        if (calls === 1) resolve(found);
      });
    },
  });
  t.after(() => watch.close());
  const updates = [watch.update(), watch.update()];
  // The later update answers first, if both run at once.
  const answerLatest = setInterval(() => waiting.pop()?.(), 5);
  await Promise.all(updates);
  clearInterval(answerLatest);
  assert.deepEqual(watch.paths.folders, [join(project.path, "2")]);
});
