import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { pathToFileURL } from "node:url";
import { Miqro } from "miqro";
import { launchChromium } from "miqro-tests/chromium";
import { missingChromium } from "miqro-tests/parts";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { writeHTML } from "../../dist/documents/html/write-html.js";
import { describeProject, everyFeature } from "../support/documents.js";
import type { Project } from "../support/project.js";

interface AxeResults {
  readonly violations: readonly {
    readonly id: string;
    readonly nodes: readonly { readonly html: string }[];
  }[];
}

const hostile = `<img src=x onerror="window.ran=1"></script><script>window.ran=1</script>`;

const files = {
  ...everyFeature,
  "app/doc.js": `export default {
    title: ${JSON.stringify(`Every feature ${hostile}`)}, description: ${JSON.stringify(`Says \`code\` and ${hostile}`)},
    publish: { "/docs": { type: "HTML", all: true } },
  };`,
  "app/http/hostile.api.js": `export default {
    name: ${JSON.stringify(hostile)}, description: ${JSON.stringify(hostile)}, tags: [${JSON.stringify(hostile)}],
    request: { query: { [${JSON.stringify(hostile)}]: { type: "string?", description: ${JSON.stringify(hostile)} } } },
    handler: (req, res) => res.html(${JSON.stringify(hostile)}),
  };`,
  "app/middleware.js": `export default { middleware: (req, res) => { res.setHeader("Content-Security-Policy", "default-src 'self'"); } };`,
};

describe("the document page", { skip: missingChromium() }, () => {
  let browser: Browser;
  let project: Project;
  let miqro: Miqro;
  let url: string;
  let oneFile: string;
  /** What pages said in their consoles, and what they threw. */
  const complaints: string[] = [];
  before(async () => {
    const described = await describeProject(files, { all: true });
    project = described.project;
    oneFile = writeHTML(described.model);
    await project.write({ "API.html": oneFile });
    miqro = new Miqro({ services: join(project.path, "app"), port: 0, host: "127.0.0.1" });
    url = `http://127.0.0.1:${((await miqro.start()) as AddressInfo).port}`;
    browser = await launchChromium();
  });
  after(async () => {
    await browser?.close();
    await miqro?.stop({ drainIdle: 0 });
    await project?.remove();
    assert.deepEqual(complaints, []);
  });

  const open = async (address = `${url}/docs`, options: BrowserContextOptions = {}): Promise<Page> => {
    const context = await browser.newContext(options);
    context.setDefaultTimeout(20_000);
    const page = await context.newPage();
    page.on("pageerror", (error) => complaints.push(error.message));
    page.on("console", (message) => {
      // Chromium says so of every answer that is an error.
      if (!/status of 40\d/.test(message.text())) complaints.push(message.text());
    });
    await page.goto(address);
    return page;
  };
  const visible = (page: Page): Promise<string[]> =>
    page.locator("main > section:visible h2").allTextContents();

  it("searches as one types, and tells how many routes are left", async () => {
    const page = await open();
    await page.getByRole("searchbox", { name: "Search" }).fill("ITEMS get");
    assert.deepEqual(await visible(page), ["GET/items/:id"]);
    assert.equal(await page.getByRole("status").first().textContent(), "1 of 21 routes");
    assert.deepEqual(await page.locator("nav li:visible").allTextContents(), ["GET/items/:id"]);
    await page.getByRole("searchbox").fill("every schema");
    assert.deepEqual(await visible(page), ["POST/schemas"]);
    await page.context().close();
  });

  it("is used by keyboard: / searches, arrows choose, Enter goes there, Escape shows all", async () => {
    const page = await open();
    await page.keyboard.press("/");
    await page.keyboard.type("form");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await page.waitForURL(/#post_form$/);
    await page.keyboard.press("Escape");
    assert.equal((await visible(page)).length, 21);
    await page.keyboard.press("Tab");
    assert.equal(await page.evaluate("document.activeElement.tagName"), "A");
    // From the route on, the form is within reach of the Tab key alone.
    const form = page.locator("#post_form");
    await form.locator("summary").focus();
    await page.keyboard.press("Enter");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Tab");
    assert.equal(await page.evaluate("document.activeElement.tagName"), "TEXTAREA");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await form.getByText("200 OK").waitFor();
    assert.match((await form.locator("[data-answer=body]").textContent()) ?? "", /"name": "text"/);
    await page.context().close();
  });

  it("sends requests with what its fields say of who asks, and shows the answer as text", async () => {
    const page = await open();
    const form = page.locator("#get_items_byId");
    await form.locator("summary").click();
    await form.getByLabel(/^id/).fill("7");
    await form.getByLabel(/^tags/).fill("a\nb c");
    await form.getByRole("button", { name: "Send" }).click();
    await form.getByText("401 Unauthorized").waitFor();
    await page.locator("#auth summary").click();
    await page.getByLabel("Bearer token").fill("secret");
    const request = page.waitForRequest(/\/items\/7/);
    await form.getByRole("button", { name: "Send" }).click();
    await form.getByText("200 OK").waitFor();
    assert.equal((await request).url(), `${url}/items/7?tags=a&tags=b+c`);
    assert.equal(await form.locator("[data-answer=body]").textContent(), '{\n  "id": 7\n}');

    const other = page.locator("section", { has: page.getByRole("heading", { name: "GET /hostile" }) });
    await other.locator("summary").click();
    await other.getByRole("button", { name: "Send" }).click();
    await other.getByText("200 OK").waitFor();
    assert.equal(await other.locator("[data-answer=body]").textContent(), hostile);
    assert.equal(await page.evaluate("window.ran"), undefined);
    await page.context().close();
  });

  it("shows all that users wrote as text", async () => {
    const page = await open();
    assert.equal(await page.title(), `Every feature ${hostile}`);
    assert.equal(await page.locator("img").count(), 0);
    assert.equal(await page.locator("header p code").textContent(), "code");
    assert.ok((await page.locator("#get_hostile").textContent())?.includes(hostile));
    assert.equal(await page.evaluate("window.ran"), undefined);
    await page.context().close();
  });

  it("works under default-src 'self', and loads nothing from elsewhere", async () => {
    const context = await browser.newContext();
    const page = await context.newPage();
    const asked: string[] = [];
    page.on("request", (request) => asked.push(request.url()));
    page.on("console", (message) => complaints.push(message.text()));
    const response = await page.goto(`${url}/docs`);
    assert.equal(response?.headers()["content-security-policy"], "default-src 'self'");
    assert.deepEqual(
      asked.filter((one) => !one.endsWith("/favicon.ico")).sort(),
      ["/docs", "/docs.css", "/docs.js"].map((path) => url + path),
    );
    assert.notEqual(await page.locator("nav").evaluate("(nav) => getComputedStyle(nav).position"), "static");
    await context.close();
  });

  it("is one file of less than 100 kB, which works where it lies", async () => {
    assert.ok(Buffer.byteLength(oneFile) < 100_000, `${Buffer.byteLength(oneFile)} bytes`);
    const page = await open(pathToFileURL(join(project.path, "API.html")).href);
    await page.getByRole("searchbox").fill("schemas");
    assert.deepEqual(await visible(page), ["POST/schemas"]);
    await page.locator("#auth summary").click();
    assert.equal(await page.getByLabel("Server").inputValue(), "http://localhost:8080");
    assert.equal(await page.evaluate("window.ran"), undefined);
    await page.context().close();
  });

  it("is complete without its script, which then offers nothing that would not work", async () => {
    const page = await open(undefined, { javaScriptEnabled: false });
    assert.equal((await visible(page)).length, 21);
    assert.equal(await page.getByRole("button").count(), 0);
    await page.context().close();
  });

  const looks: readonly [name: string, options: BrowserContextOptions][] = [
    ["in the light", { colorScheme: "light" }],
    ["in the dark", { colorScheme: "dark" }],
    ["on a narrow screen", { viewport: { width: 360, height: 740 } }],
  ];
  for (const [name, options] of looks) {
    it(`has no fault that axe-core finds, ${name}, and is no wider than the screen`, async () => {
      const page = await open(undefined, options);
      for (const summary of await page
        .locator("#auth summary, #post_form summary, #get_items_byId summary")
        .all()) {
        await summary.click();
      }
      await page.locator("#post_form").getByRole("button", { name: "Send" }).click();
      await page.locator("#post_form").getByText("200 OK").waitFor();
      const axe = createRequire(new URL("../../../../test/parts/package.json", import.meta.url)).resolve(
        "axe-core",
      );
      await page.evaluate(readFileSync(axe, "utf8"));
      const { violations } = (await page.evaluate("axe.run(document)")) as AxeResults;
      assert.deepEqual(
        violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`),
        [],
      );
      const width = await page.evaluate("document.documentElement.scrollWidth - innerWidth");
      assert.ok(Number(width) <= 0, `${width}`);
      await page.context().close();
    });
  }
});
