// Takes pictures of every page in artefacts/blog/, wide and narrow, light and dark, to look at; the one of the
// README among them (cp artefacts/blog/list-readme-light.png docs/blog.png). Run it with `npm run pictures`.
import { fileURLToPath } from "node:url";
import { launchChromium } from "miqro-tests/chromium";
import type { Page } from "playwright-core";
import { publish, sendForm, signIn, startBlog } from "./support/start-blog.js";

const folder = fileURLToPath(new URL("../../../artefacts/blog/", import.meta.url));
const word = "Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesetz";
const posts: [title: string, claps: number, content: string][] = [
  [word, 0, `https://example.org/${word.repeat(3)}\n\n> A quote.\n\n| a | b |\n|---|---|\n| 1 | 2 |`],
  [
    "Markdown is understood",
    2,
    "Posts are **Markdown**.\n\n## A list\n\n- one\n- two\n\n```\nconst x = 1;\n```",
  ],
  ["Rows of a database", 7, "A migration made the table, and `app/posts.ts` asks for five rows of it."],
  ["Nothing is bundled", 12, "`tsc` compiles the web components, and the page loads them as they are."],
  ["Forms work without JavaScript", 5, "Publish, clap, sign in and sign out are plain forms."],
  ["Every open page hears of it", 3, "Publish in one window, and watch the post appear in the other."],
];

const blog = await startBlog();
const browser = await launchChromium();
try {
  const cookie = await signIn(blog);
  for (const [title, claps, content] of posts) {
    const path = await publish(blog, cookie, title, content);
    for (let count = 0; count < claps; count++) await sendForm(`${blog.url}${path}/clap`);
  }
  for (const [name, width, height] of [
    ["wide", 1280, 800],
    ["narrow", 320, 640],
    ["readme", 760, 700],
  ] as const) {
    for (const colorScheme of ["light", "dark"] as const) {
      const context = await browser.newContext({
        viewport: { width, height },
        colorScheme,
        deviceScaleFactor: name === "readme" ? 2 : 1,
      });
      const page = await context.newPage();
      const take = (what: string) =>
        page.screenshot({ path: `${folder}${what}-${name}-${colorScheme}.png`, fullPage: name !== "readme" });
      await takeAll(page, take, cookie);
      await context.close();
    }
  }
} finally {
  await browser.close();
  await blog.remove();
}

async function takeAll(page: Page, take: (what: string) => Promise<unknown>, cookie: string): Promise<void> {
  const show = async (what: string, path: string) => {
    await page.goto(blog.url + path, { waitUntil: "networkidle" });
    await take(what);
  };
  await show("list", "/");
  await show("older", "/?before=3");
  await show("empty", "/?before=1");
  await show("post", "/posts/3");
  await show("long", "/posts/2");
  await show("missing", "/posts/999");
  await show("guide", "/docs/guide");
  await show("sign-in", "/sign-in");
  await page.getByLabel("Password").fill("guess");
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByText("That is not the password.").waitFor();
  await take("sign-in-error");

  const [name = "", value = ""] = cookie.split("=");
  await page.context().addCookies([{ name, value, url: blog.url }]);
  await show("write", "/write");
  await page.getByLabel("Title").fill("A title that is kept");
  await page.getByLabel("Content").fill(" ");
  await page.getByRole("button", { name: "Publish" }).click();
  await page.getByText("content must not be empty.").waitFor();
  await take("write-error");
  await page.context().clearCookies();
  await page.getByLabel("Content").fill("Text that is kept.");
  await page.getByRole("button", { name: "Publish" }).click();
  await page.getByText("You are signed out").waitFor();
  await take("write-signed-out");
}
