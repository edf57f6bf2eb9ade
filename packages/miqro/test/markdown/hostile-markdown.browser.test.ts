import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { after, before, describe, it } from "node:test";
import fc from "fast-check";
import { launchChromium } from "miqro-tests/chromium";
import { missingChromium } from "miqro-tests/parts";
import type { Browser } from "playwright-core";
import { inflateMDtoHTML } from "../../dist/markdown/render-markdown.js";

const run = "ran()";
/** Each would run where HTML or a URL got through. */
const attacks: readonly string[] = [
  `<script>${run}</script>`,
  `<img src=x onerror=${run}>`,
  `<svg onload=${run}>`,
  `<svg><script>${run}</script></svg>`,
  `<iframe srcdoc="<script>parent.${run}</script>"></iframe>`,
  `<details open ontoggle=${run}>`,
  `<a href="javascript:${run}">x</a>`,
  `[x](javascript:${run})`,
  `[x](JaVaScRiPt:${run})`,
  `[x](java\tscript:${run})`,
  `[x](&#106;avascript:${run})`,
  `[x](javascript&colon;${run})`,
  `[x](data:text/html,<script>opener.${run}</script>)`,
  `[x](vbscript:${run})`,
  `[x](<javascript:${run}>)`,
  `[x][1]\n\n[1]: javascript:${run}`,
  `![x](javascript:${run})`,
  `![x" onerror="${run}](x)`,
  `![x](x" onerror="${run})`,
  `![x](x 'a" onerror="${run}')`,
  `[x](x 'a" onmouseover="${run}" autofocus tabindex=1 onfocus="${run}')`,
  `<javascript:${run}>`,
  `\`\`\`"><script>${run}</script>\nx\n\`\`\``,
  `\`\`\`x" onclick="${run}\nx\n\`\`\``,
  `# <img src=x onerror=${run}>`,
  `|<img src=x onerror=${run}>|b|\n|-|-|\n|c|<script>${run}</script>|`,
  `- [ ] <img src=x onerror=${run}>`,
  `&lt;script&gt;${run}&lt;/script&gt;`,
  `<<script>script>${run}</script>`,
  `<!--><script>${run}</script>-->`,
  `<![CDATA[><script>${run}</script>]]>`,
  `<?x ?><script>${run}</script>`,
  `\\<img src=x onerror=${run}>`,
  `<base href="javascript:${run}//"><form action="javascript:${run}"><button>x</button></form>`,
  `<style>@import "javascript:${run}"; * { background: url("javascript:${run}") }</style>`,
  `<math><mtext><table><mglyph><style><!--</style><img src=x onerror=${run}>`,
];

/** Runs in the page: does to each element what could start a script. */
const provoke = `(async () => {
  // Not to leave the page by those that lead elsewhere; a URL that is script runs all the same.
  addEventListener("click", (event) => {
    const link = event.target.closest("a");
    if (link !== null && link.protocol !== "javascript:") event.preventDefault();
  });
  for (const element of document.querySelectorAll("section *")) {
    element.click();
    element.focus?.();
    element.dispatchEvent(new MouseEvent("mouseover", { bubbles: true }));
  }
  // Images that are not there fail, and URLs that are script run, in tasks of their own.
  await Promise.all(Array.from(document.images, (image) => image.decode().catch(() => undefined)));
  await new Promise((resolve) => setTimeout(resolve));
  const elements = Array.from(document.querySelectorAll("section *"), ({ localName }) => localName);
  return { ran: isRun, elements: [...new Set(elements)] };
})()`;

describe("inflateMDtoHTML of text by strangers, in a browser", { skip: missingChromium() }, () => {
  let browser: Browser;
  let html = "";
  const server = createServer((_req, res) =>
    res.setHeader("content-type", "text/html; charset=utf-8").end(html),
  );
  before(async () => {
    browser = await launchChromium();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  });
  after(async () => {
    await browser?.close();
    server.closeAllConnections();
    server.close();
  });

  /** Opens a page with texts, clicks every link, and tells what ran. */
  async function open(texts: readonly string[]): Promise<{ ran: boolean; elements: string[] }> {
    const head = "<!DOCTYPE html><script>var isRun = false; function ran() { isRun = true }</script>";
    html = `${head}<body>${texts.map((text) => `<section>${inflateMDtoHTML(text)}</section>`).join("\n")}`;
    const page = await browser.newPage();
    try {
      await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
      return (await page.evaluate(provoke)) as { ran: boolean; elements: string[] };
    } finally {
      await page.close();
    }
  }

  const harmless = new Set(
    "a,blockquote,br,code,del,em,h1,h2,h3,h4,h5,h6,hr,img,input,li,ol,p,pre,section,strong,table,tbody,td,th,thead,tr,ul".split(
      ",",
    ),
  );

  it("runs none of the known attacks", async () => {
    const { ran, elements } = await open(attacks);
    assert.equal(ran, false);
    assert.deepEqual(
      elements.filter((name) => !harmless.has(name)),
      [],
    );
  });

  it("runs nothing whatever attacks and Markdown are put together", async () => {
    const parts = [
      ...attacks,
      "`",
      "```",
      "[",
      "](",
      ")",
      "**",
      "_",
      "\n",
      "\n\n",
      "> ",
      "- ",
      "<",
      ">",
      '"',
      "'",
      "&",
      "# ",
      "|",
      "![",
      "<!--",
    ];
    const text = fc
      .array(fc.constantFrom(...parts), { minLength: 1, maxLength: 8 })
      .map((some) => some.join(""));
    const texts = fc.sample(text, { numRuns: 400, seed: 7 });
    const { ran, elements } = await open(texts);
    assert.equal(ran, false);
    assert.deepEqual(
      elements.filter((name) => !harmless.has(name)),
      [],
    );
  });

  it("would tell of what ran", async () => {
    html =
      "<!DOCTYPE html><script>var isRun = false; function ran() { isRun = true }</script><img src=x onerror=ran()>";
    const page = await browser.newPage();
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`, { waitUntil: "load" });
    await page.waitForFunction("isRun");
    await page.close();
  });
});
