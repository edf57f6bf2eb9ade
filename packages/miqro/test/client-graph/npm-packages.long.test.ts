import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { launchChromium } from "miqro-tests/chromium";
import { createEmptyFolder, type EmptyFolder } from "miqro-tests/packed-app";
import { scale } from "miqro-tests/scale";
import type { Browser } from "playwright-core";
import { resultOf, serveClient } from "./client-site.js";
import { npmPackages } from "./npm-packages.js";

const packages = npmPackages.slice(0, scale({ sample: 5, full: npmPackages.length }));
let browser: Browser;
let folder: EmptyFolder;

before(async () => {
  folder = await createEmptyFolder({ private: true, type: "module" });
  await folder.install("--ignore-scripts", ...new Set(packages.flatMap(({ install }) => install)));
  browser = await launchChromium();
});
after(async () => {
  await browser?.close();
  await folder?.remove();
});

describe("packages of npm without a bundler", () => {
  for (const environment of ["production", "development"] as const) {
    for (const [index, { install, code, result }] of packages.entries()) {
      it(`${install.join(", ")} in ${environment}`, async (context) => {
        const path = (name: string) => `${folder.path}/${name}`;
        const name = `${environment}-${index}.js`;
        await folder.write({ [name]: code });
        const project = { root: folder.path, path, write: folder.write, link: () => assert.fail() };
        const site = await serveClient(context, project, {
          environment,
          entries: [{ name }],
          pages: { "/": `<!DOCTYPE html><body><script type="module" src="/js/${name}"></script></body>` },
        });
        const page = await browser.newPage();
        context.after(() => page.close());
        assert.deepEqual(await resultOf(page, `${site.url}/`), result);
        assert.deepEqual(site.warnings, []);
        assert.deepEqual(
          site.missing.filter((one) => one.startsWith("/_miqro/")),
          [],
        );
      });
    }
  }
});
