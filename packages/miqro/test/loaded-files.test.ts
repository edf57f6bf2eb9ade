import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { it } from "node:test";
import { pathToFileURL } from "node:url";
import { recordLoadedFiles } from "../dist/watch/loaded-files.js";
import { createProject } from "./support/project.js";

it("recordLoadedFiles tells with each report the time since which its files were read", {
  skip: process.versions.node < "22.15" && "it cannot record modules",
}, async (t) => {
  const project = await createProject({ "compiled.ts": "", "first.js": "", "second.js": "" });
  t.after(() => project.remove());
  const path = (name: string) => join(project.path, name);
  t.mock.timers.enable({ apis: ["Date"], now: 1000 });
  const begin = Date.now();
  const loaded = recordLoadedFiles();
  const reports: { readonly files: readonly string[]; readonly since: number }[] = [];
  loaded.onFiles((files, since) => reports.push({ files, since }));

  const first = Date.now();
  await import(pathToFileURL(path("first.js")).href);
  loaded.flush();
  t.mock.timers.tick(5);
  const second = Date.now();
  await import(pathToFileURL(path("second.js")).href);
  loaded.flush();
  // A compiler reports the files that it read after it has ended.
  t.mock.timers.tick(5);
  await writeFile(path("compiled.ts"), "export {};");
  const third = Date.now();
  loaded.add([path("compiled.ts")]);
  loaded.flush();

  const [one, two, three] = reports;
  assert.deepEqual(
    reports.map(({ files }) => files),
    [[path("first.js")], [path("second.js")], [path("compiled.ts")]],
  );
  assert.ok(one !== undefined && one.since >= first && one.since < second);
  assert.ok(two !== undefined && two.since >= second && two.since < third);
  assert.ok(three !== undefined && three.since >= begin && three.since <= first);
});
