import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { launchChromium } from "miqro-tests/chromium";
import { missingChromium } from "miqro-tests/parts";
import { type RunningProcess, startProcess } from "miqro-tests/process";
import type { Browser } from "playwright-core";

const blog = fileURLToPath(new URL("..", import.meta.url));
const program = fileURLToPath(new URL("../../../packages/miqro/bin/miqro.js", import.meta.url));
const artefacts = fileURLToPath(new URL("../../../artefacts/", import.meta.url));

describe("the blog", () => {
  let folder: string;
  let server: RunningProcess;
  let url: string;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "miqro-blog-"));
    server = startProcess(process.execPath, [program, "--no-build", "--port", "0", "--host", "127.0.0.1"], {
      cwd: blog,
      env: { ...process.env, BLOG_STORAGE: join(folder, "blog.sqlite3"), AUTHOR_PASSWORD: "open sesame" },
    });
    [, url = ""] = await server.waitFor(/on (http:\/\/\S+) \(/);
  });
  after(async () => {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const post = (path: string, body: object, token?: string) =>
    fetch(url + path, {
      method: "POST",
      headers: { "content-type": "application/json", ...(token && { authorization: `Bearer ${token}` }) },
      body: JSON.stringify(body),
    });

  it("shows the post that the migration wrote", async () => {
    const html = await (await fetch(url)).text();
    assert.match(html, /^<!DOCTYPE html><html lang="en">/);
    assert.match(html, /<h2>Hello, world<\/h2>/);
  });

  it("takes posts from the author only", async () => {
    const stranger = await post("/posts/create", { title: "x", content: "y" });
    assert.equal(stranger.status, 401);
    assert.match(stranger.headers.get("content-type") ?? "", /^application\/problem\+json/);
    assert.equal((await post("/login", { password: "guess" })).status, 401);
    const { token } = (await (await post("/login", { password: "open sesame" })).json()) as { token: string };
    const created = await post("/posts/create", { title: "From the author", content: "<i>" }, token);
    assert.deepEqual([created.status, await created.json()], [200, { id: 2 }]);
  });

  it("names every field that is wrong", async () => {
    const { token } = (await (await post("/login", { password: "open sesame" })).json()) as { token: string };
    const refused = await post("/posts/create", { title: "", extra: 1 }, token);
    assert.equal(refused.status, 400);
    const { issues } = (await refused.json()) as { issues: { path: string }[] };
    assert.deepEqual(issues.map(({ path }) => path).sort(), ["body.content", "body.extra", "body.title"]);
  });

  describe("in a browser", { skip: missingChromium() }, () => {
    let browser: Browser;
    before(async () => {
      browser = await launchChromium();
    });
    after(() => browser?.close());

    it("lets the author write, and tells every open page of it", async () => {
      const [reader, author] = [await browser.newPage(), await browser.newPage()];
      const errors: string[] = [];
      for (const tab of [reader, author]) {
        tab.on("pageerror", (error) => errors.push(error.message));
        await tab.goto(url);
      }
      await reader.locator("clap-counter button").first().click();
      await reader.getByText("claps: 1").waitFor();

      await author.getByLabel("Password").fill("open sesame");
      await author.getByRole("button", { name: "Sign in to write" }).click();
      await author.getByLabel("Title").fill("Breaking <news>");
      await author.getByLabel("Content").fill("It works.");
      await author.getByRole("button", { name: "Publish" }).click();
      await author.getByText("Published.").waitFor();
      await reader.locator("live-posts li", { hasText: "Breaking <news>" }).waitFor();
      await reader.getByText("claps: 1").waitFor();

      await reader.reload();
      await reader.locator("h2", { hasText: "Breaking <news>" }).waitFor();
      await mkdir(artefacts, { recursive: true });
      await reader.setViewportSize({ width: 760, height: 900 });
      await reader.screenshot({ path: join(artefacts, "blog.png") });
      assert.deepEqual(errors, []);
    });
  });
});
