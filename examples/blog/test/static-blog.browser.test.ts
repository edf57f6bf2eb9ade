import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { launchChromium } from "miqro-tests/chromium";
import { compareSites } from "miqro-tests/compare-sites";
import { missingChromium } from "miqro-tests/parts";
import { startProcess } from "miqro-tests/process";
import { staticServers } from "miqro-tests/static-servers";
import type { Browser } from "playwright-core";
import { type Blog, publish, signIn, startBlog } from "./support/start-blog.js";

const folder = fileURLToPath(new URL("..", import.meta.url));
const program = fileURLToPath(new URL("../../../packages/miqro/bin/miqro.js", import.meta.url));

describe("the blog in files", { skip: missingChromium() }, () => {
  let blog: Blog;
  let browser: Browser;
  let files: string;
  before(async () => {
    [blog, browser, files] = await Promise.all([
      startBlog(),
      launchChromium(),
      mkdtemp(join(tmpdir(), "miqro-blog-")),
    ]);
    const cookie = await signIn(blog);
    for (const title of ["First post", "Zweiter Beitrag: ü"])
      await publish(blog, cookie, title, "Some *text*.\n\nMore.");
    for (const [name, base] of [
      ["root", "/"],
      ["below/repo", "/repo/"],
    ] as const) {
      const args = [
        "--no-build",
        "--inflate",
        "--inflate-flat",
        "--inflate-dir",
        join(files, name),
        "--inflate-base",
        base,
      ];
      const inflate = startProcess(process.execPath, [program, ...args], {
        cwd: folder,
        env: { ...process.env, BLOG_STORAGE: blog.storage },
      });
      assert.equal(await inflate.exited, 0, inflate.output());
    }
  });
  after(async () => {
    await browser?.close();
    await blog?.remove();
    await rm(files, { recursive: true, force: true });
  });

  for (const { name, missing, start } of staticServers) {
    for (const [root, base] of [
      ["root", "/"],
      ["below", "/repo/"],
    ] as const) {
      it(`shows below ${base} of ${name} what the server shows`, { skip: missing() }, async () => {
        const server = await start(join(files, root));
        try {
          const compared = await compareSites({
            browser,
            live: `${blog.url}/`,
            files: server.origin + base,
            base,
            liveAssets: /^\/posts /,
          });
          assert.deepEqual(compared.sort(), [
            "/",
            "/docs/guide",
            "/posts",
            "/posts/1",
            "/posts/2",
            "/posts/3",
            "/sign-in",
          ]);
        } finally {
          await server.stop();
        }
      });
    }
  }
});
