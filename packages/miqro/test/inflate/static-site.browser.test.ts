import assert from "node:assert/strict";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { Miqro } from "miqro";
import { launchChromium } from "miqro-tests/chromium";
import { compareSites } from "miqro-tests/compare-sites";
import { missingChromium } from "miqro-tests/parts";
import { staticServers } from "miqro-tests/static-servers";
import type { Browser } from "playwright-core";
import { createProject, type Project } from "../support/project.js";
import { siteFiles } from "../support/site.js";

describe("a static site", { skip: missingChromium() }, () => {
  let project: Project;
  let browser: Browser;
  let app: Miqro;
  let live: string;
  before(async () => {
    project = await createProject(siteFiles);
    process.chdir(project.path);
    browser = await launchChromium();
    app = new Miqro({ services: ["app"], port: 0, host: "127.0.0.1" });
    live = `http://127.0.0.1:${((await app.start()) as AddressInfo).port}/`;
  });
  after(async () => {
    await browser?.close();
    await app?.stop({ drainIdle: 0 });
    process.chdir("/");
    await project?.remove();
  });

  for (const { name, missing, start } of staticServers) {
    for (const base of ["/", "/repo/"]) {
      it(`shows below ${base} of ${name} what the live server shows`, { skip: missing() }, async () => {
        const root = join(project.path, `out-${name.slice(0, 3)}-${base.length}`);
        await app.inflate({ inflateDir: join(root, base), inflateFlat: true, inflateBase: base });
        const server = await start(root);
        try {
          const compared = await compareSites({ browser, live, files: server.origin + base, base });
          assert.deepEqual(compared.sort(), [
            ...[
              "/",
              "/api/about",
              "/by-name/Brot.html",
              "/by-name/K%C3%A4se.html",
              "/by-name/a-b%20%26%20c.html",
            ],
            ...[
              "/docs/deep",
              "/docs/deep.html",
              "/docs/guide",
              "/goods",
              "/goods/1",
              "/goods/2",
              "/goods/3",
              "/prices.json",
            ],
          ]);
          const page = await browser.newPage();
          // A route that redirects leads on, and client code runs.
          await page.goto(`${server.origin}${base}old`);
          await page.waitForURL(`**${base}docs/guide/`);
          await page.goto(server.origin + base);
          await page.locator("a-counter button").click();
          assert.equal(await page.locator("a-counter button").textContent(), "4");
          // nginx is told of the page for what nothing answered; at any depth, its image is there.
          if (name === "nginx" && base === "/") {
            const nowhere = await page.goto(`${server.origin}/no/where/at/all`, { waitUntil: "load" });
            assert.equal(nowhere?.status(), 404);
            assert.equal(await page.title(), "Nothing here");
            assert.ok(await page.evaluate("document.images[0].naturalWidth > 0"));
          }
          await page.close();
        } finally {
          await server.stop();
        }
      });
    }
  }
});
