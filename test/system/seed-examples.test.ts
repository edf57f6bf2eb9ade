import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { launchChromium } from "miqro-tests/chromium";
import { type PackedPackages, packPackages } from "miqro-tests/packed-app";
import { missingChromium } from "miqro-tests/parts";
import { type Apps, installApps, ways } from "./seed-examples.js";
import { expectations, isMissing } from "./seed-expectations.js";

/** What each way gave, by the example: all ways must give the same. */
const given = new Map<string, unknown>();

const absent = expectations.filter(isMissing).map(({ app }) => app);

describe("the examples of the original", () => {
  let packed: PackedPackages;
  before(async () => {
    packed = await packPackages();
  });
  after(() => packed.remove());

  for (const way of ways) {
    describe(`with ${way.name}`, { concurrency: 2 }, () => {
      let apps: Apps;
      before(async () => {
        apps = await installApps(way, packed, { absent });
      });
      after(() => apps.remove());

      for (const expectation of expectations) {
        const name = `${expectation.app}: ${expectation.does}`;
        it(name, { skip: isMissing(expectation) }, async () => {
          const seen = await expectation.check(apps);
          if (given.has(name)) assert.deepEqual(seen, given.get(name), "This way differs from the first.");
          else given.set(name, seen);
        });
      }

      it("client: works in a browser", { skip: missingChromium() }, async () => {
        const browser = await launchChromium();
        const app = await apps.start("client");
        try {
          const page = await browser.newPage();
          const failures: string[] = [];
          page.on("pageerror", (error) => failures.push(error.message));
          const opened = page.waitForEvent("websocket");
          await page.goto(`${app.url}/index.html`);
          const button = page.locator("my-counter button");
          await button.click();
          await button.click();
          assert.equal(await button.textContent(), "clicks: 2");
          await opened;
          await page.locator("live-feed ul").waitFor({ state: "attached" });
          await app.ask("/publish", {
            method: "POST",
            headers: { "content-type": "application/json" },
            body: JSON.stringify({ text: "fresh" }),
          });
          await page.locator("live-feed li", { hasText: "fresh" }).waitFor();
          assert.deepEqual(failures, []);
        } finally {
          await app.process.stop();
          await browser.close();
        }
      });
    });
  }
});
