import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { launchChromium } from "miqro-tests/chromium";
import type { Browser } from "playwright-core";
import { modulePage, resultOf, serveClient } from "./client-site.js";
import { createProjectFolder, type Files } from "./project-folder.js";

/** Files, and what the entry `app.js` leaves in `globalThis.result` in a page. */
export interface PageRow {
  readonly name: string;
  readonly files: Files;
  readonly result: unknown;
  readonly environment?: "production" | "development";
  /** The page; each of several gives the same result. */
  readonly pages?: readonly string[];
  /** What is told at the start; nothing by default. */
  readonly warnings?: readonly RegExp[];
  /** The path of the entry, where it is not `app.js`, and its source. */
  readonly entry?: { readonly name: string; readonly source?: string };
  /** The entries, where there are several. */
  readonly entries?: readonly { readonly name: string }[];
}

/** Runs each row in Chromium. */
export function describeInPages(name: string, rows: readonly PageRow[]): void {
  describe(name, () => {
    let browser: Browser;
    before(async () => {
      browser = await launchChromium();
    });
    after(() => browser?.close());
    for (const row of rows) {
      it(row.name, async (context) => {
        const { pages = [modulePage], entry = { name: "app.js" }, environment = "production" } = row;
        const project = await createProjectFolder(context, row.files);
        const site = await serveClient(context, project, {
          environment,
          entries: row.entries ?? [entry],
          pages: Object.fromEntries(pages.map((page, index) => [`/${index}`, page])),
        });
        const page = await browser.newPage();
        context.after(() => page.close());
        for (const index of pages.keys()) {
          assert.deepEqual(await resultOf(page, `${site.url}/${index}`), row.result, pages[index]);
        }
        assert.deepEqual(site.missing, []);
        assert.equal(site.warnings.length, row.warnings?.length ?? 0, site.warnings.join("\n"));
        for (const [index, pattern] of (row.warnings ?? []).entries()) {
          assert.match(site.warnings[index] ?? "", pattern);
        }
      });
    }
  });
}

/** The files of a package in `node_modules`; without a `package.json` it has `main` of `index.js`. */
export function packageFiles(name: string, files: Files, json: object = { main: "index.js" }): Files {
  const entries = Object.entries(files).map(
    ([path, text]) => [`node_modules/${name}/${path}`, text] as const,
  );
  return {
    [`node_modules/${name}/package.json`]: JSON.stringify({ name, version: "1.0.0", ...json }),
    ...Object.fromEntries(entries),
  };
}

/** A module that leaves the value of an expression in `globalThis.result`. */
export function showing(expression: string, imports = ""): Files {
  return { "app.js": `${imports}\nglobalThis.result = ${expression};` };
}
