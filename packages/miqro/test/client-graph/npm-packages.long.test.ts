import assert from "node:assert/strict";
import { after, before, describe, it, type TestContext } from "node:test";
import { build } from "esbuild";
import { launchChromium } from "miqro-tests/chromium";
import { createEmptyFolder, type EmptyFolder } from "miqro-tests/packed-app";
import { scale } from "miqro-tests/scale";
import type { Browser } from "playwright-core";
import { type ClientSite, resultOf, serveClient } from "../support/client-site.js";
import { npmPackages } from "../support/npm-packages.js";

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

const scriptPage = (src: string) =>
  `<!DOCTYPE html><body><script type="module" src="${src}"></script></body>`;

describe("packages of npm without a bundler", () => {
  for (const environment of ["production", "development"] as const) {
    for (const [index, { install, code, result }] of packages.entries()) {
      it(`${install.join(", ")} in ${environment}`, async (context) => {
        const name = `${environment}-${index}.js`;
        const site = await serve(context, name, code, {
          environment,
          pages: { "/": scriptPage(`/js/${name}`) },
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

  const names = new Set(
    packages.flatMap(({ install }) => install.map((one) => one.replace(/(?<=.)@.*/, ""))),
  );
  // A bundle of it has parts of Node.js in it.
  names.delete("pyodide");
  for (const [index, name] of [...names].entries()) {
    it(`${name} offers what a bundle of esbuild does`, async (context) => {
      const code = `import * as all from ${JSON.stringify(name)};
        const value = all["default"];
        const keys = (of) => Object.keys(of ?? {}).filter((key) => key !== "__esModule").sort();
        globalThis.result = [keys(all), typeof value, keys(value)];`;
      const file = `names-${index}.js`;
      await folder.write({ [file]: code });
      const { outputFiles } = await build({
        entryPoints: [`${folder.path}/${file}`],
        bundle: true,
        format: "esm",
        write: false,
        define: { "process.env.NODE_ENV": '"production"' },
      });
      const bundle = outputFiles[0]?.text ?? "";
      const site = await serve(context, file, code, {
        pages: { "/": scriptPage(`/js/${file}`), "/bundle": scriptPage("/bundle.js"), "/bundle.js": bundle },
      });
      const page = await browser.newPage();
      context.after(() => page.close());
      const expected = await resultOf(page, `${site.url}/bundle`);
      assert.deepEqual(await resultOf(page, `${site.url}/`), expected);
    });
  }
});

async function serve(
  context: TestContext,
  name: string,
  code: string,
  options: Parameters<typeof serveClient>[2],
): Promise<ClientSite> {
  await folder.write({ [name]: code });
  const path = (file: string) => `${folder.path}/${file}`;
  const project = { root: folder.path, path, write: folder.write, link: () => assert.fail() };
  return serveClient(context, project, { ...options, entries: [{ name }] });
}
