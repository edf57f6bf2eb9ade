import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { launchChromium } from "miqro-tests/chromium";
import type { Browser } from "playwright-core";
import { createProject, type Project } from "./support/project.js";
import { type RunningEditor, startEditor } from "./support/running-editor.js";

const missing = process.env.MISSING_CHROMIUM ?? false;
// In milliseconds; the target is one second, on a machine that does nothing else.
const longest = 3000;

describe("the editor of a project with 2,000 files", { skip: missing }, () => {
  let project: Project;
  let editor: RunningEditor;
  let browser: Browser;
  before(async () => {
    const files: Record<string, string> = { "app/http/hello.api.js": "export default () => 'hello';\n" };
    for (let index = 0; index < 2000; index++) {
      files[`src/part-${index % 40}/file-${index}.ts`] = `export const n${index} = ${index};\n`;
    }
    project = await createProject(files);
    editor = await startEditor(project);
    browser = await launchChromium();
  });
  after(async () => {
    await browser?.close();
    await editor?.stop();
    await project?.remove();
  });

  it("shows the files soon, finds one by its name, and opens a folder of many", async () => {
    const tab = await browser.newPage();
    await tab.goto(editor.keyURL);
    await tab.locator('[data-path="src"]').waitFor();
    const times: number[] = [];
    for (let time = 0; time < 5; time++) {
      const started = performance.now();
      await tab.goto(editor.url, { waitUntil: "commit" });
      await tab.locator('[data-path="src"]').waitFor();
      times.push(Math.round(performance.now() - started));
    }
    const median = times.sort((a, b) => a - b)[2] ?? Number.NaN;
    console.log(`the files of a project of 2,000 are there after ${median} ms (${times.join(", ")})`);
    assert.ok(median < longest, `${median} ms`);
    await tab.keyboard.press("Control+p");
    await tab.locator("dialog input").fill("file1999");
    await tab.locator("[role=option]", { hasText: "src/part-39/file-1999.ts" }).waitFor();
    await tab.keyboard.press("Enter");
    await tab.locator(".cm-content").getByText("n1999").waitFor();
    await tab.locator('[data-path="src/part-39/file-1999.ts"][aria-selected=true]').waitFor();
  });
});
