import { existsSync } from "node:fs";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { type PackedPackages, packPackages } from "miqro-tests/packed-app";
import { scale } from "miqro-tests/scale";
import { type Apps, installApps, ways } from "./seed-examples.js";
import { expectations, isMissing } from "./seed-expectations.js";

const node = fileURLToPath(new URL("../runtimes/node_modules/node-20/bin/node", import.meta.url));
const sqlite3 = fileURLToPath(new URL("../parts/node_modules/sqlite3", import.meta.url));
const missing = [node, sqlite3].find((path) => !existsSync(path));
const absent = expectations.filter(isMissing).map(({ app }) => app);

describe("the examples of the original on Node.js 20, with sqlite3 in place of node:sqlite", {
  skip: missing === undefined ? false : `${missing} is not installed`,
}, () => {
  let packed: PackedPackages;
  before(async () => {
    packed = await packPackages();
  });
  after(() => packed.remove());

  for (const way of scale({ sample: ways.slice(2), full: ways })) {
    describe(`with ${way.name}`, { concurrency: 2 }, () => {
      let apps: Apps;
      before(async () => {
        apps = await installApps(way, packed, { node, sqlite3, absent });
      });
      after(() => apps.remove());

      for (const expectation of expectations) {
        it(`${expectation.app}: ${expectation.does}`, { skip: isMissing(expectation) }, async () => {
          await expectation.check(apps);
        });
      }
    });
  }
});
