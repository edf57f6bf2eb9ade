import assert from "node:assert/strict";
import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { startProcess } from "miqro-tests/process";
import { scale } from "miqro-tests/scale";
import { createProject } from "../support/project.js";

const program = fileURLToPath(new URL("../../bin/miqro.js", import.meta.url));

// Tells at the end how much memory the process ever had.
const spy = `data:text/javascript,${encodeURIComponent(
  "process.once('exit', () => console.log('MAX RSS', process.resourceUsage().maxRSS / 1024));",
)}`;

describe("miqro --inflate of many pages", () => {
  const pages = scale({ sample: 300, full: 10_000 });
  it(`makes ${pages} pages of Markdown in less than 300 MB, twice`, async () => {
    const project = await createProject({});
    try {
      const folder = join(project.path, "app/http/p");
      mkdirSync(folder, { recursive: true });
      const text = "Some **words** that make a page, and [another](/p/1) link.\n\n- one\n- two\n\n".repeat(
        100,
      );
      for (let index = 0; index < pages; index++) {
        const next = `/p/${(index + 1) % pages}`;
        writeFileSync(join(folder, `${index}.html.md`), `# Page ${index}\n\n[next](${next})\n\n${text}`);
      }
      for (const run of [1, 2]) {
        const args = ["--import", spy, program, "--no-build", "--inflate", "--service", "app"];
        const child = startProcess(process.execPath, args, { cwd: project.path });
        assert.equal(await child.exited, 0, child.output());
        const [, rss] = /MAX RSS (\d+)/.exec(child.output()) ?? [];
        assert.ok(Number(rss) < 300, `run ${run}: ${rss} MB`);
      }
      assert.equal(readdirSync(join(project.path, "inflated/app/static/p")).length, pages * 2);
      assert.ok(existsSync(join(project.path, `inflated/app/static/p/${pages - 1}/index.html`)));
    } finally {
      await project.remove();
    }
  });
});
