import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { request } from "node:http";
import { join } from "node:path";
import { after, afterEach, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { launchChromium } from "miqro-tests/chromium";
import { missingChromium } from "miqro-tests/parts";
import { eventually, type RunningProcess, startProcess } from "miqro-tests/process";
import type { Browser, Page } from "playwright-core";
import { createProject, type Project } from "./support/project.js";

const program = fileURLToPath(new URL("../bin/miqro.js", import.meta.url));
const page = (title: string) => `import JSX from "@miqro/jsx";
export default () => JSX.createElement("html", {},
  JSX.createElement("head", {}, JSX.createElement("link", { rel: "stylesheet", href: "/style.css" })),
  JSX.createElement("body", {}, JSX.createElement("h1", {}, "${title}"), JSX.createElement("input", { id: "field" })));`;
const app = {
  "app/http/index.html.js": page("one"),
  "app/http/stream.html.js": `export default (req, res) => {
  res.writeHead(200, { "Content-Type": "text/html" });
  res.write("<!DOC");
  res.write("TYPE html><p>streamed</p>");
  res.end("<p>end</p>");
};`,
  "app/static/plain.html": "<!DOCTYPE html><title>plain</title><p>é</p>",
  "app/static/style.css": "h1 { color: rgb(255, 0, 0) }",
};

interface Answer {
  readonly status: number | undefined;
  readonly text: string;
}

function ask(url: string, headers: Record<string, string> = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const req = request(url, { agent: false, headers }, (res) => {
      // A stream of events never ends.
      const isStream = res.headers["content-type"]?.startsWith("text/event-stream") === true;
      if (isStream) {
        res.once("data", (data) => {
          resolve({ status: res.statusCode, text: String(data) });
          res.destroy();
        });
      } else res.toArray().then((parts) => resolve({ status: res.statusCode, text: parts.join("") }), reject);
    });
    req.once("error", reject).end();
  });
}

describe("--hot-reload", { skip: missingChromium() }, () => {
  let project: Project;
  let server: RunningProcess;
  let url: string;
  let browser: Browser;
  let tab: Page;
  const write = (name: string, text: string) => writeFile(join(project.path, name), text);

  before(async () => {
    browser = await launchChromium();
  });
  after(() => browser.close());
  const start = async (files: Record<string, string> = app) => {
    project = await createProject(files);
    const args = ["--no-build", "--watch", "--hot-reload", "--service", "app", "--port", "0"];
    server = startProcess(process.execPath, [program, ...args], { cwd: project.path });
    [, url = ""] = await server.waitFor(/on (http:\/\/127\S+?)(?: \(| until)/);
    tab = await browser.newPage();
  };
  afterEach(async () => {
    await tab.close();
    await server.stop();
    await project.remove();
  });

  it("reloads a page when another version serves, and keeps the page when nothing changed", async () => {
    await start();
    await tab.goto(`${url}/index.html`);
    await tab.fill("#field", "kept");
    await write("app/http/index.html.js", page("two"));
    await tab.getByRole("heading", { name: "two" }).waitFor();
    assert.equal(await tab.inputValue("#field"), "");
    await write("app/http/index.html.js", page("three"));
    await tab.getByRole("heading", { name: "three" }).waitFor();
  });

  it("puts a changed style sheet in the place of the old one, without a reload", async () => {
    await start();
    await tab.goto(`${url}/index.html`);
    await tab.fill("#field", "kept");
    const color = () =>
      tab
        .locator("h1")
        .evaluate((element) =>
          String(
            (globalThis as unknown as { getComputedStyle(of: unknown): { color: string } }).getComputedStyle(
              element,
            ).color,
          ),
        );
    assert.equal(await color(), "rgb(255, 0, 0)");
    await write("app/static/style.css", "h1 { color: rgb(0, 0, 255) }");
    await eventually(async () => assert.equal(await color(), "rgb(0, 0, 255)"));
    await eventually(async () => assert.equal(await tab.locator("link").count(), 1));
    assert.equal(await tab.inputValue("#field"), "kept");
  });

  it("reloads a page when a file changes that is answered from the disk", async () => {
    await start();
    await tab.goto(`${url}/plain.html`);
    await write("app/static/plain.html", "<!DOCTYPE html><p>other</p>");
    await tab.getByText("other").waitFor();
  });

  it("shows in the page why a new version does not load, and takes that away again", async () => {
    await start();
    await tab.goto(`${url}/index.html`);
    await write("app/http/index.html.js", "export default <<;");
    await tab.getByRole("alert").filter({ hasText: "app/http/index.html.js" }).waitFor();
    await tab.getByRole("heading", { name: "one" }).waitFor();
    await write("app/http/index.html.js", page("mended"));
    await tab.getByRole("heading", { name: "mended" }).waitFor();
    assert.equal(await tab.getByRole("alert").count(), 0);
  });

  it("leads from the page of an error to the app", async () => {
    await start({ ...app, "app/http/index.html.js": "export default <<;" });
    await tab.goto(`${url}/index.html`);
    await tab.getByText("The app did not start").waitFor();
    await write("app/http/index.html.js", page("mended"));
    await tab.getByRole("heading", { name: "mended" }).waitFor();
  });

  it("puts its script behind the doctype of every page, however it is sent", async () => {
    await start();
    for (const path of ["index.html", "stream.html", "plain.html"]) {
      const { text } = await ask(`${url}/${path}`, { "accept-encoding": "gzip" });
      assert.match(
        text,
        /^<!DOCTYPE html><script src="\/_miqro\/hot-reload\.js" data-state="[\w-]+"><\/script></,
      );
    }
    assert.match((await ask(`${url}/plain.html`)).text, /<p>é<\/p>$/);
    assert.doesNotMatch((await ask(`${url}/style.css`)).text, /script/);
  });

  it("answers pages of the same origin only", async () => {
    await start();
    const { host } = new URL(url);
    for (const path of ["hot-reload", "hot-reload.js"]) {
      const status = async (headers: Record<string, string>) =>
        (await ask(`${url}/_miqro/${path}`, headers)).status;
      assert.equal(await status({}), 200);
      assert.equal(await status({ "sec-fetch-site": "same-origin" }), 200);
      assert.equal(await status({ origin: `http://${host}` }), 200);
      assert.equal(await status({ "sec-fetch-site": "cross-site" }), 403);
      assert.equal(await status({ "sec-fetch-site": "same-site" }), 403);
      assert.equal(await status({ origin: "http://evil.example" }), 403);
      assert.equal(await status({ host: "evil.example" }), 403);
    }
  });
});
