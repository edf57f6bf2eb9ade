import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { launchChromium } from "miqro-tests/chromium";
import { missingChromium } from "miqro-tests/parts";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { contrasts } from "./support/contrasts.js";
import { type Blog, password, publish, sendForm, signIn, startBlog } from "./support/start-blog.js";

describe("the blog in a browser", { skip: missingChromium() }, () => {
  let blog: Blog;
  let browser: Browser;
  let cookie: string;
  /** What pages threw. */
  const errors: string[] = [];
  before(async () => {
    [blog, browser] = await Promise.all([startBlog(), launchChromium()]);
    cookie = await signIn(blog);
  });
  after(async () => {
    await browser?.close();
    await blog?.remove();
    assert.deepEqual(errors, []);
  });

  /** A page of a browser of its own, for a reader, or for the author with their cookie. */
  const open = async (path: string, options: BrowserContextOptions = {}, as?: "author") => {
    const context = await browser.newContext(options);
    context.setDefaultTimeout(20_000);
    if (as === "author") {
      const [name = "", value = ""] = cookie.split("=");
      await context.addCookies([{ name, value, url: blog.url }]);
    }
    const page = await context.newPage();
    page.on("pageerror", (error) => errors.push(error.message));
    // With JavaScript a page with posts asks for the newest ones as soon as its WebSocket is open.
    const isLive = options.javaScriptEnabled !== false && /^\/(\?|posts|$)/.test(path);
    await Promise.all([isLive && page.waitForResponse(`${blog.url}/posts`), page.goto(blog.url + path)]);
    return page;
  };
  const card = (page: Page, title: string) =>
    page.locator("article").filter({ has: page.getByRole("heading", { name: title, exact: true }) });
  const clapButton = (page: Page, title: string) => card(page, title).getByRole("button", { name: /^Clap/ });
  for (const javaScriptEnabled of [true, false]) {
    describe(javaScriptEnabled ? "with JavaScript" : "without JavaScript", () => {
      const title = `Written ${javaScriptEnabled ? "with" : "without"} scripts`;

      it("lets the author sign in, publish, clap and sign out", async () => {
        const page = await open("/", { javaScriptEnabled });
        await page.getByRole("link", { name: "Sign in" }).click();
        await page.getByLabel("Password").fill("guess");
        await page.getByRole("button", { name: "Sign in" }).click();
        await page.getByText("That is not the password.").waitFor();
        assert.equal(await page.title(), "Error: Sign in · A miqro blog");
        await page.getByLabel("Password").fill(password);
        await page.getByRole("button", { name: "Sign in" }).click();

        await page.getByRole("heading", { name: "Write a post" }).waitFor();
        await page.getByLabel("Title").fill(title);
        await page.getByLabel("Content").fill("  ");
        await page.getByRole("button", { name: "Publish" }).click();
        await page.getByText("content must not be empty.").waitFor();
        assert.equal(await page.getByLabel("Title").inputValue(), title);
        await page.getByLabel("Content").fill("Lead\n\nRest **in bold**");
        await page.getByRole("button", { name: "Publish" }).click();

        await page.getByRole("heading", { name: title }).waitFor();
        assert.equal(await page.locator("strong").textContent(), "in bold");
        await clapButton(page, title).click();
        await page.getByRole("button", { name: "Clap 1" }).waitFor();
        await page.reload();
        await page.getByRole("button", { name: "Clap 1" }).waitFor();

        await page.getByRole("link", { name: "All posts" }).click();
        await card(page, title).getByText("Lead").waitFor();
        await page.getByRole("button", { name: "Sign out" }).click();
        await page.getByRole("link", { name: "Sign in" }).waitFor();
        await page.context().close();
      });

      it("leads to every post, five a page", async () => {
        for (let count = 0; count < 6; count++) await publish(blog, cookie, `Number ${count} of ${title}`);
        const page = await open("/", { javaScriptEnabled });
        const found: string[] = [];
        for (;;) {
          const titles = await page.locator("article h2").allTextContents();
          found.push(...titles);
          const older = page.getByRole("link", { name: "Older posts" });
          if ((await older.count()) === 0) break;
          assert.equal(titles.length, 5);
          await older.click();
        }
        assert.equal(found.at(-1), "Hello, world");
        assert.equal(new Set(found).size, found.length);
        assert.equal(found.filter((one) => one.endsWith(title)).length, 7);
        await page.getByRole("link", { name: "Newest posts" }).click();
        await card(page, `Number 5 of ${title}`).waitFor();
        await page.context().close();
      });
    });
  }

  it("shows a post in every open page, whoever wrote it, and announces it", async () => {
    const [author, reader] = await Promise.all([open("/write", {}, "author"), open("/")]);
    await author.getByLabel("Title").fill("Breaking <news>");
    await author.getByLabel("Content").fill("It **works**.\n\nNot in lists.");
    await author.getByRole("button", { name: "Publish" }).click();
    await author.getByRole("heading", { name: "Breaking <news>" }).waitFor();

    const first = reader.locator("article").first();
    await first.getByRole("link", { name: "Breaking <news>" }).waitFor();
    assert.equal(await first.locator("strong").textContent(), "works");
    assert.doesNotMatch((await first.textContent()) ?? "", /Not in lists/);
    assert.equal(
      await reader.locator("live-posts > [role=status]").textContent(),
      "New post: Breaking <news>",
    );

    // The post that came is as alive as the others.
    await clapButton(reader, "Breaking <news>").click();
    await author.getByRole("button", { name: "Clap 1" }).waitFor();
    await first.getByRole("link").click();
    await reader.getByRole("heading", { level: 1, name: "Breaking <news>" }).waitFor();
    await Promise.all([author.context().close(), reader.context().close()]);
  });

  it("counts claps in every open page, and keeps those that come at once", async () => {
    const path = await publish(blog, cookie, "Applause");
    const [one, other] = await Promise.all([open("/"), open(path)]);
    await clapButton(one, "Applause").click();
    await other.getByRole("button", { name: "Clap 1" }).waitFor();
    await clapButton(other, "Applause").click();
    await card(one, "Applause").getByRole("button", { name: "Clap 2" }).waitFor();
    await Promise.all(Array.from({ length: 20 }, () => sendForm(`${blog.url}${path}/clap`)));
    for (const page of [one, other]) {
      await card(page, "Applause").getByRole("button", { name: "Clap 22" }).waitFor();
      await page.reload();
      await card(page, "Applause").getByRole("button", { name: "Clap 22" }).waitFor();
      await page.context().close();
    }
  });

  it("says when a clap did not arrive", async () => {
    const reader = await open("/posts/1");
    await reader.route("**/clap", (route) => route.abort());
    const button = reader.getByRole("button", { name: /^Clap/ });
    const before = await button.textContent();
    await button.click();
    await reader.getByText("That did not arrive. Try again.").waitFor();
    assert.equal(await button.textContent(), before);
    await reader.unroute("**/clap");
    await button.click();
    await reader.getByText("That did not arrive. Try again.").waitFor({ state: "detached" });
    assert.notEqual(await button.textContent(), before);
    await reader.context().close();
  });

  it("keeps the focus when a post comes, in posts that the page came with and in later ones", async () => {
    await publish(blog, cookie, "Came with the page");
    const reader = await open("/");
    await publish(blog, cookie, "Came later");
    for (const title of ["Came with the page", "Came later"]) {
      const button = clapButton(reader, title);
      await button.focus();
      await publish(blog, cookie, `Above: ${title}`);
      await card(reader, `Above: ${title}`).waitFor();
      assert.ok(await button.evaluate((element) => element === document.activeElement));
      await reader.keyboard.press("Enter");
      await card(reader, title).getByRole("button", { name: "Clap 1" }).waitFor();
      assert.ok(await button.evaluate((element) => element === document.activeElement));
    }
    await reader.context().close();
  });

  it("keeps the place of a reader who has scrolled down when a post comes", async () => {
    const reader = await open("/", { viewport: { width: 800, height: 500 } });
    const last = reader.locator("article").last();
    await last.scrollIntoViewIfNeeded();
    const top = () => last.evaluate((element) => element.getBoundingClientRect().top);
    const before = await top();
    await publish(blog, cookie, "Comes unseen");
    await card(reader, "Comes unseen").waitFor({ state: "attached" });
    await reader.evaluate(() => new Promise((done) => requestAnimationFrame(() => setTimeout(done))));
    assert.ok(Math.abs((await top()) - before) < 1, `${before} became ${await top()}`);
    await reader.context().close();
  });

  it("catches up with what happened while the server was away", async () => {
    const reader = await open("/");
    await blog.end();
    await blog.begin();
    const path = await publish(blog, cookie, "After the restart");
    await sendForm(`${blog.url}${path}/clap`);
    await card(reader, "After the restart").getByRole("button", { name: "Clap 1" }).waitFor();
    await reader.context().close();
  });

  it("fits every width, with the longest of words", async () => {
    const word = "Donaudampfschifffahrtsgesellschaft".repeat(5);
    const columns = "| a ".repeat(30);
    const content = [
      `${word} \`${word}\` https://example.org/${word}`,
      `# ${word}`,
      `\`\`\`\n${word}\n\`\`\``,
      `| ${word} | b |\n|---|---|\n| c | ${word} |`,
      `${columns}\n${columns.replaceAll(" a ", "---")}\n${columns}`,
      `${">".repeat(30)} ${word}`,
    ].join("\n\n");
    const path = await publish(blog, cookie, word, content);
    for (const width of [320, 375, 768, 1280, 2560]) {
      const page = await open("/", { viewport: { width, height: 640 } }, "author");
      for (const address of [
        "/",
        "/?before=2",
        "/?before=1",
        path,
        "/posts/999",
        "/write",
        "/sign-in",
        "/docs/guide",
      ]) {
        await page.goto(blog.url + address);
        const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        assert.ok(wide <= 0, `${address} is ${wide} px too wide at ${width}`);
      }
      await page.context().close();
    }
  });

  it("does not move while it loads", async () => {
    for (const [path, live] of [
      ["/", true],
      ["/posts/1", true],
      ["/write", false],
      ["/docs/guide", false],
    ] as const) {
      const page = await open("/sign-in", {}, "author");
      await page.addInitScript(() => {
        const state = globalThis as unknown as { shift: number };
        state.shift = 0;
        new PerformanceObserver((list) => {
          for (const entry of list.getEntries()) state.shift += (entry as unknown as { value: number }).value;
        }).observe({ type: "layout-shift", buffered: true });
      });
      await Promise.all([live && page.waitForResponse(`${blog.url}/posts`), page.goto(blog.url + path)]);
      await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => setTimeout(done))));
      assert.equal(await page.evaluate(() => (globalThis as unknown as { shift: number }).shift), 0, path);
      await page.context().close();
    }
  });

  it("can be used with the keyboard alone", async () => {
    const page = await open("/");
    await page.keyboard.press("Tab");
    assert.equal(
      await page.evaluate(() => document.activeElement?.textContent?.trim()),
      "Skip to the content",
    );
    assert.ok(((await page.locator(".skip").boundingBox())?.width ?? 0) > 100);
    await page.keyboard.press("Enter");
    await page.keyboard.press("Tab");
    assert.equal(await page.evaluate(() => document.activeElement?.closest("h2, nav")?.tagName), "H2");
    const outline = await page.evaluate(() => getComputedStyle(document.activeElement as Element).outline);
    assert.match(outline, /solid 3px/);

    // A form that was refused puts the focus on the field that is wrong, with the reason as its description.
    await page.goto(`${blog.url}/sign-in`);
    // The browser moves the focus there with its first frame.
    await page.locator("input[type=password]:focus").waitFor();
    await page.keyboard.type("guess");
    await page.keyboard.press("Enter");
    await page.getByText("That is not the password.").waitFor();
    const field = page.getByLabel("Password");
    assert.ok(await field.evaluate((element) => element === document.activeElement));
    const [description = ""] = ((await field.getAttribute("aria-describedby")) ?? "").split(" ");
    assert.equal(await page.locator(`#${description}`).textContent(), "That is not the password.");
    await page.context().close();
  });

  for (const colorScheme of ["light", "dark"] as const) {
    it(`has contrast in its ${colorScheme} colours`, async () => {
      const page = await open("/", { colorScheme }, "author");
      const dark = await page.evaluate(() => matchMedia("(prefers-color-scheme: dark)").matches);
      assert.equal(dark, colorScheme === "dark");
      const low: string[] = [];
      const look = async () => {
        for (const { text, contrast } of await contrasts(page)) {
          if (contrast < 4.5) low.push(`${page.url()}: ${text} ${contrast.toFixed(2)}`);
        }
      };
      for (const path of ["/", "/?before=1", "/posts/1", "/posts/999", "/docs/guide", "/write"]) {
        await page.goto(blog.url + path);
        await look();
      }
      await page.getByLabel("Title").fill(" ");
      await page.getByLabel("Content").fill(" ");
      await page.context().clearCookies();
      await page.getByRole("button", { name: "Publish" }).click();
      await page.getByText("You are signed out").waitFor();
      await look();
      assert.deepEqual(low, []);
      await page.context().close();
    });
  }
});
